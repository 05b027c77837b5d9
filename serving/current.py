"""What answers at this moment: a bundle for good, or a store that is followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from serving.metrics import Metrics
from serving.service import Served


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """What one request is answered from, from beginning to end.

    Attributes:
        seq: The change that it follows; 0 where no store is followed.
        notes: What the answer's `warnings` say of it.
    """

    served: Served
    seq: int = 0
    notes: tuple[str, ...] = ()


class Current(Protocol):
    """Says what a request is answered from."""

    @property
    def served(self) -> Served:
        """What there is now, whatever was written meanwhile."""
        ...

    @property
    def trouble(self) -> str:
        """Why not all is well; empty where it is."""
        ...

    async def present(self) -> Present:
        """What a request that came now is answered from."""
        ...

    def begin(self, metrics: Metrics) -> None:
        """Start what goes on behind the requests."""
        ...

    def end(self) -> None:
        """Stop it."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """A `Current` that never changes."""

    served: Served
    trouble: str = ""

    async def present(self) -> Present:
        """The one thing there is."""
        return Present(served=self.served)

    def begin(self, metrics: Metrics) -> None:
        """Nothing goes on."""

    def end(self) -> None:
        """Nothing did."""
