"""A typed client of the API, for programs that ask a running service.

It needs httpx and pydantic, and nothing that computes a match.
"""

from __future__ import annotations

# The one name that users of the package import: what lies behind it may move.
from matcher.client.client import MatcherClient as MatcherClient
