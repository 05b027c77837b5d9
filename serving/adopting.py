"""Makes another bundle answer, by the code that opened the first one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from matcher.bundle import Bundle
from matcher.errors import BundleError
from serving.building import Builder
from serving.current import Current, Fixed
from serving.following import Follower
from serving.recall import Recall
from serving.service import MatchService, Served

Opening = Callable[[Path], tuple[Bundle, Served]]


@dataclass(frozen=True, slots=True)
class Adopter:
    """Adopts bundles for what answers; one at a time.

    Attributes:
        opens: Opens a bundle, verified and warm, or raises `BundleError`.
    """

    current: Current
    opens: Opening

    @property
    def served(self) -> Served:
        """What there is now."""
        return self.current.served

    def adopt(self, bundle: Path) -> None:
        """Answer from this bundle from now on; everything is made before it answers.

        Raises:
            BundleError: It is damaged, of another release or name, or of another encoder.
            StoreUnavailableError: The database cannot be asked.
        """
        found, served = self.opens(bundle)
        if served.name != self.served.name:
            raise BundleError(
                f"{bundle} is of {served.name!r}, what answers is of {self.served.name!r}; "
                "start the service anew to serve another market"
            )
        if isinstance(self.current, Follower):
            self._follow(self.current, served, replace(self.current.builder, model=found.model))
        elif isinstance(self.current, Fixed):
            MatchService(served=served).rehearse()
            self.current.adopt(served)

    def _follow(self, follower: Follower, served: Served, builder: Builder) -> None:
        recall = Recall(store=builder.store, encoder=served.engine.encoder)
        recall.keep(served.engine.snapshot)
        builder = replace(builder, recall=recall)
        follower.adopt(builder, builder.build(served))
