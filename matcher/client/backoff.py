"""How long to wait before asking again: longer every time, and never all at once.

Source: Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015 ("full jitter");
Fielding, Nottingham & Reschke, HTTP Semantics, RFC 9110, 2022, section 10.2.3 (Retry-After)
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)


def now() -> datetime:
    """The instant of asking."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backoff:
    """Waits between attempts.

    Attributes:
        first_s: The most that the first wait takes; each later one may take twice as long.
        longest_s: The most that any wait takes.
        most_asked_s: A service that asks to be left alone for longer is not asked again.
        sleep: Waits for some seconds.
        uniform: Draws between two numbers.
        clock: Says what a date in `Retry-After` is compared with.
    """

    first_s: float = 0.2
    longest_s: float = 10.0
    most_asked_s: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    uniform: Callable[[float, float], float] = random.uniform
    clock: Callable[[], datetime] = now

    def wait(self, attempt: int, *, asked_s: float | None = None) -> None:
        """Wait after an attempt, of which the first is 0.

        Args:
            asked_s: As long as the service asked for at least; jitter comes on top of it, or
                everybody who was told the same would be back at the same instant.
        """
        most = min(self.longest_s, self.first_s * 2.0 ** min(attempt, 60))
        self.sleep((asked_s or 0.0) + self.uniform(0.0, most))

    def asked_s(self, retry_after: str | None) -> float | None:
        """Seconds that a `Retry-After` asks for, from 0; None where it says nothing readable.

        >>> Backoff().asked_s("7"), Backoff().asked_s("soon")
        (7.0, None)
        """
        text = (retry_after or "").strip()
        if _SECONDS.fullmatch(text):
            return float(text)
        try:
            date = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        return max(0.0, (date - self.clock()).total_seconds())
