"""Errors about decisions on record, in the manner of `matcher.errors`."""

from __future__ import annotations

from matcher.errors import MatcherError


class UnknownDecisionError(MatcherError):
    """No decision of this id is on record."""

    code = "unknown-decision"
    status = 404
    exit_code = 3

    def __init__(self, decision_id: str) -> None:
        self.decision_id = decision_id
        super().__init__(
            f"no decision {decision_id!r} is on record; check the id, and whether decisions were "
            "recorded then, and are kept for as long"
        )


class DecisionDamagedError(MatcherError):
    """What is on record of a decision cannot be read."""

    code = "decision-damaged"
    status = 500
    exit_code = 4

    def __init__(self, decision_id: str, found: str) -> None:
        self.decision_id = decision_id
        super().__init__(
            f"decision {decision_id!r} cannot be read (found {found}); use the release that wrote "
            "it, or a backup from before it was damaged"
        )


class InvalidOverrideError(MatcherError):
    """A person's order is not one of those who were shown."""

    code = "invalid-override"
    status = 422
    exit_code = 3


class NotOnListError(MatcherError):
    """A decision neither showed nor ranked whoever is asked about."""

    code = "not-on-list"
    status = 404
    exit_code = 3


class PastGoneError(MatcherError):
    """What was on record once is not any more: it was erased, or never was in this database."""

    code = "past-gone"
    status = 409
    exit_code = 4


class ReplayRefusedError(MatcherError):
    """A decision cannot be made again from this bundle and this log."""

    code = "replay-refused"
    status = 409
    exit_code = 4


class ReplayDiffersError(MatcherError):
    """A decision that was made again came out otherwise."""

    code = "replay-differs"
    status = 409
    exit_code = 4
