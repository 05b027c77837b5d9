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


class Fixed:
    """A `Current` of one bundle, that follows nothing."""

    def __init__(self, served: Served) -> None:
        self._served = served

    @property
    def served(self) -> Served:
        """The one thing there is."""
        return self._served

    @property
    def trouble(self) -> str:
        """None."""
        return ""

    def adopt(self, served: Served) -> None:
        """Answer from another bundle from now on."""
        self._served = served

    async def present(self) -> Present:
        """The one thing there is."""
        return Present(served=self._served)

    def begin(self, metrics: Metrics) -> None:
        """Nothing goes on."""

    def end(self) -> None:
        """Nothing did."""
