"""Every error the product raises on purpose.

Callers catch `MatcherError`; operators search logs for `code`. A message says
what was found, what was expected, and what to do next. Anything that is not a
`MatcherError` is a bug and must reach the logs as a traceback.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

from matcher.violations import Violation


class MatcherError(Exception):
    """Base of all deliberate failures.

    Attributes:
        code: Stable slug for logs, problem documents and docs; never reused.
        status: HTTP status that serving answers with.
        exit_code: What the `matcher` command ends with.
    """

    code: str = "matcher-error"
    status: int = 500
    exit_code: ClassVar[int] = 1


class InvalidMarketplaceError(MatcherError):
    """A marketplace directory breaks the contract; nothing of it was kept.

    Attributes:
        violations: The first violations, at most 20, by table and row.
        total: How many there are in all.
    """

    code = "invalid-marketplace"
    status = 422
    exit_code = 3

    def __init__(self, *, violations: tuple[Violation, ...], total: int) -> None:
        self.violations, self.total = violations, total
        counted = "1 violation" if total == 1 else f"{total:,} violations"
        first = "" if total == len(violations) else f" (the first {len(violations)} follow)"
        lines = "".join(f"\n  {violation}" for violation in violations)
        super().__init__(f"the marketplace was refused whole, for {counted}{first}:{lines}")


class InvalidRecordError(MatcherError):
    """A job or freelancer that was handed in breaks the contract."""

    code = "invalid-record"
    status = 422
    exit_code = 3


class UsageError(MatcherError):
    """The request itself is wrong: an option, a filter, an output that exists."""

    code = "wrong-usage"
    status = 422
    exit_code = 2


class OutputExistsError(UsageError):
    """What should be written is already there."""

    code = "output-exists"
    status = 409

    def __init__(self, path: object) -> None:
        super().__init__(f"{path} already exists; pass --force to replace it, or name another path")


class UnknownJobError(MatcherError):
    """No job of this id is known."""

    code = "unknown-job"
    status = 404
    exit_code = 3

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        super().__init__(
            f"no job {job_id!r} is known; send the job's own fields, or check the id against jobs"
        )


class UnknownFreelancerError(MatcherError):
    """No freelancer of this id is known."""

    code = "unknown-freelancer"
    status = 404
    exit_code = 3

    def __init__(self, freelancer_id: str) -> None:
        self.freelancer_id = freelancer_id
        super().__init__(
            f"no freelancer {freelancer_id!r} is known; check the id against freelancers"
        )


class UnknownKeyError(MatcherError):
    """No key of this id is on record."""

    code = "unknown-key"
    status = 404
    exit_code = 3

    def __init__(self, key_id: str) -> None:
        super().__init__(f"no key {key_id[:100]!r} is on record; `matcher keys list` names them")


class AlreadyRevokedError(UsageError):
    """A key was revoked before."""

    code = "already-revoked"
    status = 409

    def __init__(self, key_id: str, *, at: datetime) -> None:
        super().__init__(
            f"the key {key_id!r} was revoked at {at.isoformat()} already; nothing is left to do"
        )


class StoreUnavailableError(MatcherError):
    """The database cannot be reached, or does not do what is asked."""

    code = "store-unavailable"
    status = 503
    exit_code = 4


class StoreRefusedError(MatcherError):
    """The database is not one that this release may use: another program's, or of the future."""

    code = "store-refused"
    status = 503
    exit_code = 4


class StaleVersionError(MatcherError):
    """A record is no longer the version that `If-Match` names."""

    code = "stale-version"
    status = 412
    exit_code = 4


class ReadOnlyError(MatcherError):
    """The service has no database, so there is nothing to write to."""

    code = "read-only"
    status = 409

    def __init__(self) -> None:
        super().__init__(
            "the service answers from its bundle alone and keeps no records; start it with "
            "--database"
        )


class BusyError(MatcherError):
    """As many requests as may wait are waiting already."""

    code = "busy"
    status = 503

    def __init__(self, waiting: int, *, of: str = "writes") -> None:
        super().__init__(
            f"{waiting} {of} are waiting already, and nothing of this one was kept; send it "
            "again in a second"
        )


class IngestConflictError(MatcherError):
    """Some rows say otherwise than what is on record of the past; the others were kept."""

    code = "ingest-conflict"
    status = 409
    exit_code = 3


class BundleError(MatcherError):
    """A bundle cannot be opened: damaged, incomplete, or not a bundle."""

    code = "bundle-refused"
    status = 503
    exit_code = 4


class FeatureMismatchError(BundleError):
    """The bundle's ranker was fitted on other features than this code makes."""

    code = "feature-mismatch"

    def __init__(self, *, fitted: str, current: str) -> None:
        self.fitted, self.current = fitted, current
        super().__init__(
            f"ranker was fitted on features {fitted[:12]}, this code makes {current[:12]}; "
            "retrain, or deploy the release that built the bundle"
        )


class RegistryError(MatcherError):
    """The model registry cannot be reached or used."""

    code = "registry-unavailable"
    status = 503
    exit_code = 4


class LedgerError(MatcherError):
    """The record of champions is damaged, or cannot be written."""

    code = "ledger-damaged"
    status = 503
    exit_code = 4


class PromotionRefusedError(MatcherError):
    """A bundle does not become champion: a check failed, or the champion changed meanwhile."""

    code = "promotion-refused"
    status = 409
    exit_code = 4


class RollbackRefusedError(MatcherError):
    """There is no such champion to go back to."""

    code = "rollback-refused"
    status = 409
    exit_code = 4


class EncoderError(MatcherError):
    """The text encoder's files are missing or are not the ones expected."""

    code = "encoder-refused"
    status = 503
    exit_code = 4


class UnexportableError(MatcherError):
    """A text encoder is of a kind that a bundle cannot carry; it serves under PyTorch."""

    code = "encoder-not-exported"
    status = 503
    exit_code = 4


class LeakageError(MatcherError):
    """An evaluation would look at outcomes that its bundle has already seen."""

    code = "leakage-refused"
    status = 409
    exit_code = 4


class DriftError(MatcherError):
    """A market moved further from what a bundle was trained on than was allowed.

    Attributes:
        moved: Population stability index by column, worst first.
    """

    code = "drift-refused"
    status = 409
    exit_code = 4

    def __init__(self, moved: Mapping[str, float]) -> None:
        self.moved = moved
        counted = "1 column" if len(moved) == 1 else f"{len(moved):,} columns"
        named = ", ".join(f"{column} ({index:.2f})" for column, index in moved.items())
        super().__init__(
            f"{counted} moved further from the training than --fail-above allows: {named}; find "
            "out what changed, and train on newer data where the change is real"
        )


class ReportError(MatcherError):
    """A report of a bundle cannot be kept, or cannot be read."""

    code = "report-refused"
    status = 503
    exit_code = 4


class NotReadyError(MatcherError):
    """The service has not answered its first, silent query yet."""

    code = "not-ready"
    status = 503
