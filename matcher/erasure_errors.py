"""Errors about erased people, in the manner of `matcher.errors`."""

from __future__ import annotations

from matcher.errors import MatcherError


class ErasurePendingError(MatcherError):
    """The person of this id is being erased, and may come back only afterwards."""

    code = "erasure-pending"
    status = 409
    exit_code = 4

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            f"whoever had this id is being erased (erasure {number:,}), and a new person of the "
            "same id cannot be told apart before that has ended; send it again in some seconds"
        )


class UnknownErasureError(MatcherError):
    """Nobody of this id was ever erased from this store."""

    code = "unknown-erasure"
    status = 404
    exit_code = 3

    def __init__(self) -> None:
        super().__init__(
            "this store knows of no erasure of this id; check the id and the database, or erase "
            "the person with DELETE /v1/freelancers/{id}?erase=true"
        )


class ErasureUnfinishedError(MatcherError):
    """A person left the tables, and the files still hold what was theirs."""

    code = "erasure-unfinished"
    status = 409
    exit_code = 4

    def __init__(self, numbers: tuple[int, ...]) -> None:
        self.numbers = numbers
        named = ", ".join(f"{one:,}" for one in numbers)
        super().__init__(
            f"a reader (an export, a backup) still needs what was there before erasure {named}; "
            "run `matcher erase --finish` once it has ended, or leave it to the service"
        )
