"""Changes the bundle that answers, between two requests.

A new bundle is opened, verified, warmed and brought up to what is on record beside the old one.
One that cannot be is refused, and the old one goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Literal, Protocol

import structlog

from matcher.errors import BundleError, MatcherError, UsageError
from matcher.manifest import digest_at
from matcher.settings import Settings
from serving.metrics import Metrics
from serving.service import Served

Outcome = Literal["swapped", "unchanged"]
LOOK_S = 1.0

log = structlog.get_logger(__name__)


class Adopting(Protocol):
    """What answers, and can be told to answer from another bundle."""

    @property
    def served(self) -> Served:
        """What there is now."""
        ...

    def adopt(self, bundle: Path) -> None:
        """Answer from this bundle from now on.

        Raises:
            MatcherError: It cannot be; what answered before goes on.
        """
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Says where the bundle lies: a directory, or a file that holds the path of one."""

    path: Path

    @classmethod
    def of(cls, settings: Settings) -> Place:
        """Where the settings say.

        Raises:
            UsageError: They do not.
        """
        if settings.bundle is None:
            raise UsageError("no bundle is named; pass --bundle, or set MATCHER_BUNDLE")
        return cls(settings.bundle)

    def bundle(self) -> Path:
        """The directory of the bundle.

        Raises:
            BundleError: Nothing says where it lies.
        """
        if self.path.is_dir() or not self.path.exists():
            return self.path
        try:
            return Path(self.path.read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError) as error:
            raise BundleError(f"{self.path} does not say where a bundle lies ({error})") from error


class Swapper:
    """Looks for another bundle from time to time, or when asked; safe to use from several threads.

    Args:
        place: Where to look.
        current: What answers.
        look_s: How often to look.
    """

    def __init__(self, place: Place, current: Adopting, *, look_s: float = LOOK_S) -> None:
        self._place, self._current, self._look_s = place, current, look_s
        self._refused = ""
        self._metrics: Metrics | None = None
        self._one, self._ended = Lock(), Event()
        self._thread: Thread | None = None

    def begin(self, metrics: Metrics) -> None:
        """Look from now on, in a thread of its own."""
        self._metrics = metrics
        self._ended.clear()
        self._thread = Thread(target=self._watch, name="swapper", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Look no more; a swap that goes on is waited for."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def reload(self) -> Outcome:
        """Look now, also at a bundle that was refused before.

        Raises:
            BundleError: There is another one, and it is refused; the old one goes on.
        """
        self._refused = ""
        return self._look()

    def _watch(self) -> None:
        while not self._ended.wait(self._look_s):
            try:
                self._look()
            except MatcherError:
                continue  # said and counted where it was refused
            except Exception:  # the top of a thread: nobody above could report it
                log.exception("swap_failed", code="internal-error")

    def _look(self) -> Outcome:
        with self._one:
            digest = ""
            try:
                bundle = self._place.bundle()
                digest = digest_at(bundle)
                if digest in {self._current.served.digest, self._refused}:
                    return "unchanged"
                self._current.adopt(bundle)
            except MatcherError as error:
                self._refuse(digest, error)
                raise
            self._tell()
            return "swapped"

    def _refuse(self, digest: str, error: MatcherError) -> None:
        if digest and digest == self._refused:
            return
        self._refused = digest
        kept = self._current.served.digest
        log.error("bundle_refused", code=error.code, detail=str(error), kept_digest=kept)
        if self._metrics is not None:
            self._metrics.count_swap("refused")

    def _tell(self) -> None:
        self._refused, now = "", self._current.served
        log.info("bundle_swapped", name=now.name, version=now.version, digest=now.digest)
        if self._metrics is not None:
            self._metrics.count_swap("swapped")
            self._metrics.describe(name=now.name, version=now.version, digest=now.digest)
