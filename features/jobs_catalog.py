"""Every feature of an open job for a freelancer, in matrix order.

The comparisons (`_share`, `_place`) are with the rest of the freelancer's own list.
Phrases speak to the freelancer.
"""

from __future__ import annotations

from features.feature import JobsFeature
from features.jobs_demand import DEMAND_FEATURES
from features.jobs_past import PAST_FEATURES
from features.jobs_terms import TERMS_FEATURES

JOBS_FEATURES: tuple[JobsFeature, ...] = (
    *TERMS_FEATURES,
    *DEMAND_FEATURES,
    *PAST_FEATURES,
)
