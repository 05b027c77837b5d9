"""What the command `screen` does, apart from its options."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from matcher.domain import instant_of, moment_of
from matcher.errors import OutputExistsError, UsageError
from matcher.marketplace import Marketplace, read_marketplace
from matcher.retrieval.default import default_encoder
from matcher.top_rated import Standing, TopRatedRule, standings, untold
from training.screening.hindsight import judge
from training.screening.screen import Day, last_day, screen_day
from training.screening.tables import print_day, print_hindsight, print_top_rated

ONE_DAY = timedelta(days=1)
JUST_SHORT = 2  # of the three conditions are met


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Where an answer goes.

    Attributes:
        out: Everything as JSON, beside what is printed.
        k: Most people printed in a table.
    """

    out: Path | None
    as_json: bool
    force: bool
    k: int

    def refuse_early(self) -> None:
        """Before any work.

        Raises:
            OutputExistsError: `out` is there, and `force` is not given.
        """
        if self.out is not None and self.out.exists() and not self.force:
            raise OutputExistsError(self.out)

    def deliver(
        self, figures: Mapping[str, Any], show: Callable[[Mapping[str, Any], int], None]
    ) -> None:
        """Write and print."""
        text = json.dumps(figures, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        if self.out is not None:
            self.out.parent.mkdir(parents=True, exist_ok=True)
            partial = self.out.with_name(f".{self.out.name}.part")
            partial.write_text(text, encoding="utf-8")
            partial.replace(self.out)
        for warning in figures["warnings"]:
            sys.stderr.write(f"warning: {warning}\n")
        if self.as_json:
            sys.stdout.write(text)
        else:
            show(figures, self.k)


def tell_day(
    directory: Path,
    *,
    day: datetime | None,
    as_of: datetime | None,
    within: int | None,
    seed: int,
    answer: Answer,
) -> None:
    """The day's sign-ups in the order of their chance.

    Raises:
        UsageError: The day starts at or after `as_of`.
    """
    answer.refuse_early()
    if day is not None and as_of is not None and as_of <= day:
        raise UsageError(
            f"nobody can have joined on {day:%Y-%m-%d} before {as_of.isoformat()}; give a later "
            "--as-of, or leave it out"
        )
    marketplace = _read(directory)
    start = last_day(marketplace, as_of=as_of) if day is None else instant_of(day)
    if start is None:
        raise UsageError(
            f"nobody has joined in {directory}"
            + (f" before {as_of.isoformat()}" if as_of else "")
            + "; name a --day, or another directory"
        )
    found = screen_day(
        marketplace,
        day=start,
        as_of=as_of or moment_of(start) + ONE_DAY,
        encoder=default_encoder(),
        within_days=within,
        seed=seed,
    )
    answer.deliver(day_figures(found), print_day)


def tell_hindsight(
    directory: Path,
    *,
    day: datetime | None,
    as_of: datetime | None,
    within: int | None,
    test_share: float,
    seed: int,
    answer: Answer,
) -> None:
    """How well a screen would have told the last joiners whose outcome is known.

    Raises:
        UsageError: A day is named, or the share tests nobody.
    """
    answer.refuse_early()
    if day is not None:
        raise UsageError("--evaluate is of many days; leave --day out, or give --as-of")
    if not 0 < test_share < 1:
        raise UsageError(f"--test-share is {test_share:g}; give a share between 0 and 1")
    figures = judge(
        _read(directory),
        as_of=as_of,
        encoder=default_encoder(),
        test_share=test_share,
        within_days=within,
        seed=seed,
    )
    why = figures["why_not"]
    answer.deliver({**figures, "warnings": [why] if why else []}, print_hindsight)


def tell_top_rated(
    directory: Path,
    *,
    day: datetime | None,
    as_of: datetime | None,
    rule: TopRatedRule,
    answer: Answer,
) -> None:
    """Who is top rated, and who nearly is.

    Raises:
        UsageError: A threshold is no number.
    """
    answer.refuse_early()
    if not (math.isfinite(rule.success) and math.isfinite(rule.earned_usd)):
        raise UsageError("--least-success and --least-earned must be numbers, and have an end")
    marketplace = _read(directory)
    instant = as_of or (day + ONE_DAY if day else None)
    past = marketplace if instant is None else marketplace.before(instant)
    why = untold(past.events)
    found = () if why else standings(past.events, rule)
    figures = {
        "as_of": instant.isoformat() if instant else None,
        "rule": asdict(rule),
        "freelancers": int(past.freelancers["freelancer_id"].nunique()),
        "top_rated": [standing_figures(one) for one in found if one.is_top],
        "just_short": [standing_figures(one) for one in found if one.met == JUST_SHORT],
        "warnings": [why] if why else [],
    }
    answer.deliver(figures, print_top_rated)


def day_figures(found: Day) -> dict[str, Any]:
    """A day's answer in the words of JSON."""
    screen = found.screen
    return {
        "day": f"{moment_of(found.day):%Y-%m-%d}",
        "as_of": moment_of(found.as_of).isoformat(),
        "within_days": found.within_days,
        "joined": len(found.people) + len(found.with_job),
        "model": {
            "kind": "rule" if screen.trees is None else "trees",
            "known": screen.known,
            "hired": screen.hired,
            "base_rate": screen.base_rate,
            "proof": screen.proof,
            "is_calibrated": screen.level is not None,
            "why_not": screen.why_not,
        },
        "people": [
            {
                **asdict(one),
                "ratings": list(one.ratings),
                "reasons": [asdict(r) for r in one.reasons],
            }
            for one in found.people
        ],
        "with_job": list(found.with_job),
        "warnings": list(found.warnings),
    }


def standing_figures(one: Standing) -> dict[str, Any]:
    """A standing in the words of JSON."""
    return {
        "freelancer_id": one.freelancer_id,
        "completed": one.completed,
        "cancelled": one.cancelled,
        "success": one.success,
        "earned_usd": one.earned_usd if math.isfinite(one.earned_usd) else None,
        "missing": list(one.missing),
    }


def _read(directory: Path) -> Marketplace:
    marketplace = read_marketplace(directory)
    for warning in marketplace.warnings:
        sys.stderr.write(f"warning: {warning}\n")
    return marketplace
