"""Puts the right freelancer in front of the right job.

The public dozen is loaded when it is asked for, so that the command line
starts fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matcher.bundle import Bundle as Bundle
    from matcher.candidates import Match as Match
    from matcher.candidates import Matches as Matches
    from matcher.domain import Job as Job
    from matcher.domain import Kind as Kind
    from matcher.engine import Engine as Engine
    from matcher.errors import MatcherError as MatcherError
    from matcher.marketplace import Marketplace as Marketplace
    from matcher.marketplace import read_marketplace as read_marketplace
    from matcher.retrieval.filters import Filters as Filters
    from matcher.run import Run as Run
    from matcher.snapshot import Snapshot as Snapshot

__version__ = "0.1.0"

HOMES = {
    "Bundle": "matcher.bundle",
    "Engine": "matcher.engine",
    "Filters": "matcher.retrieval.filters",
    "Job": "matcher.domain",
    "Kind": "matcher.domain",
    "Marketplace": "matcher.marketplace",
    "Match": "matcher.candidates",
    "Matches": "matcher.candidates",
    "MatcherError": "matcher.errors",
    "Run": "matcher.run",
    "Snapshot": "matcher.snapshot",
    "read_marketplace": "matcher.marketplace",
}
__all__ = [
    "Bundle",
    "Engine",
    "Filters",
    "Job",
    "Kind",
    "Marketplace",
    "Match",
    "MatcherError",
    "Matches",
    "Run",
    "Snapshot",
    "__version__",
    "read_marketplace",
]


def __getattr__(name: str) -> object:
    if name not in HOMES:
        raise AttributeError(f"module 'matcher' has no attribute {name!r}")
    return getattr(import_module(HOMES[name]), name)
