"""What a caller of the API can act on: a refusal, no answer, and an answer of something else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from matcher.errors import MatcherError


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What a service says of a request that it refused.

    Attributes:
        code: Stable; `http-error` where something else than the service refused, such as a proxy.
        fields: Field, what was found and what was expected, of the first fields at fault.
    """

    code: str
    detail: str
    fields: tuple[Mapping[str, str], ...] = ()


class ApiError(MatcherError):
    """The service answered, and refused.

    Attributes:
        status: Of HTTP.
        code: Of the problem (serving/README.md lists them): what to branch on.
        detail: What was found, what was expected, what to do.
        fields: As in `Problem`.
        retry_after_s: When the service asks to be asked again; None if it does not say.
        uncertain: An attempt before this one may have been carried out, though nobody said so.
    """

    code = "api-refused"
    status = 502
    exit_code = 4

    def __init__(
        self,
        problem: Problem,
        *,
        status: int,
        retry_after_s: float | None = None,
        uncertain: bool = False,
    ) -> None:
        self.status, self.code = status, problem.code
        self.detail, self.fields = problem.detail, problem.fields
        self.retry_after_s, self.uncertain = retry_after_s, uncertain
        before = "; an attempt before it may have been carried out" if uncertain else ""
        super().__init__(f"{status} {problem.code}: {problem.detail}{before}")


class UnreachableError(MatcherError):
    """The service did not answer: no connection, a broken one, or not in time.

    Attributes:
        attempts: How many were made.
        uncertain: One of them may have been carried out.
    """

    code = "unreachable"
    status = 504
    exit_code = 4

    def __init__(self, address: str, *, reason: str, attempts: int, uncertain: bool) -> None:
        self.attempts, self.uncertain = attempts, uncertain
        times = "1 attempt" if attempts == 1 else f"{attempts} attempts"
        carried = "; one of them may have been carried out" if uncertain else ""
        super().__init__(
            f"{address} did not answer in {times} ({reason}){carried}; check the address, and that "
            "the service runs"
        )


class UnreadableAnswerError(MatcherError):
    """What answered is not this API, or a release of it that speaks otherwise."""

    code = "unreadable-answer"
    status = 502
    exit_code = 4
