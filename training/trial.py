"""Policies in the loop: each fills the lists of the same market, and learns from its own.

A replay asks who was hired from lists that somebody else had filled. A trial lets a policy act
on a simulated market and counts what comes of it: the past is played once a seed, under the
policy of record, then every arm goes on from a copy of it, over the same posts, people and luck.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from matcher.directories import check_file
from matcher.errors import UsageError
from matcher.ports import Encoder
from matcher.progress import progress as shown
from matcher.retrieval.default import default_encoder
from matcher.run import Run
from training.arms import arms_of
from training.contrast import Played, contrast
from training.figures import picture_of, write_figures
from training.learner import REFRESH_DAYS, RETRAIN_DAYS
from training.plots import draw_course
from training.price_plot import draw_price, explored
from training.simulate.market import Fate, Market
from training.simulate.parameters import Parameters
from training.simulate.people import DAY
from training.simulate.policies import Policy
from training.simulate.recording import policy_of_record
from training.simulation import sized
from training.tables import print_trial

LAST_DAYS = 365

Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What became of every post after the warm-up, arm by arm.

    Attributes:
        warm_up_days: How long the policy of record ruled first.
        exploration: Share of an arm's lists that were drawn from the best hundred of its order,
            where it has no share of its own.
        played: A seed each; the arms in the order asked for.
    """

    parameters: Parameters
    run: Run
    warm_up_days: int
    exploration: float
    played: tuple[Played, ...]

    def report(self) -> dict[str, Any]:
        """Measures, differences to the first arm, and what they rest on; plain JSON values."""
        days = self.parameters.days - self.warm_up_days
        return {
            "about": {
                "policies": list(self.played[0].fates),
                "seeds": [one.seed for one in self.played],
                "posts": sum(len(one.day) for one in self.played),
                "warm_up_days": self.warm_up_days,
                "days": days,
                "exploration": self.exploration,
                "retrain_days": RETRAIN_DAYS,
                "refresh_days": REFRESH_DAYS,
                "parameters": self.parameters.model_dump(mode="json"),
                "run": self.run.model_dump(mode="json"),
            },
            **contrast(self.played, days=days),
        }


def run_trial(
    parameters: Parameters,
    *,
    policies: Sequence[str],
    seeds: Sequence[int],
    run: Run,
    encoder: Encoder,
    warm_up_days: int | None = None,
    exploration: float | None = None,
    progress: Tick | None = None,
) -> Trial:
    """Play every arm on every seed; the same arguments give the same trial.

    Args:
        policies: Names as in `training.arms`, none twice; the first is what the others are
            compared with.
        warm_up_days: How long the policy of record rules first; all but the last 365 days if None.
        exploration: Share of lists drawn from the best hundred of a policy's own order, as in the
            market file if None; nobody beyond them has any chance of a seat. A shuffle needs none,
            nobody has no lists, and an arm with a share of its own explores in its own way.
        progress: Called with days done; `days_of` says how many there are.

    Raises:
        UsageError: A policy or a seed is unknown or stands twice, or no day is left to compare.
    """
    arms = arms_of(policies)
    _check(seeds)
    warm_up = _warm_up(parameters, warm_up_days)
    share = parameters.exploration if exploration is None else exploration
    tick = progress or _ignore
    played = []
    for seed in seeds:
        past = Market(parameters, seed=seed)
        _play(past, policy_of_record(parameters), days=warm_up, tick=tick)
        fates = {}
        for arm in arms:
            market = copy.deepcopy(past)
            policy = arm.fill(market, run=run, encoder=encoder, at_random=share)
            fates[arm.name] = _play(market, policy, days=parameters.days - warm_up, tick=tick)
        day = np.array([post.at // DAY for post in past.posts], np.int64) - warm_up
        played.append(Played(seed=seed, day=day[day >= 0], fates=fates))
    return Trial(
        parameters=parameters,
        run=run,
        warm_up_days=warm_up,
        exploration=share,
        played=tuple(played),
    )


def days_of(
    parameters: Parameters, *, policies: int, seeds: int, warm_up_days: int | None = None
) -> int:
    """Days that a trial plays in all."""
    warm_up = _warm_up(parameters, warm_up_days)
    return seeds * (warm_up + policies * (parameters.days - warm_up))


def try_policies(
    *,
    config: Path | None,
    freelancers: int | None,
    jobs: int | None,
    policies: str,
    seeds: str,
    warm_up_days: int | None,
    out: Path | None,
    as_json: bool,
    force: bool,
) -> Mapping[str, Any]:
    """What the command `trial` does: play, write and print the report.

    Args:
        policies: Names, with commas between them; `seeds` likewise.

    Raises:
        OutputExistsError: `out` or its picture is there, and `force` is not given.
        UsageError: As `run_trial`, or a seed is no number, or `out` cannot be written.
    """
    if out is not None:
        _check_output(out, force=force)
    parameters = sized(config, freelancers=freelancers, jobs=jobs)
    names, numbers = _names(policies), _numbers(seeds)
    arms_of(names)
    _check(numbers)
    days = days_of(parameters, policies=len(names), seeds=len(numbers), warm_up_days=warm_up_days)
    with shown("Playing days", total=days) as advance:
        trial = run_trial(
            parameters,
            policies=names,
            seeds=numbers,
            run=Run(),
            encoder=default_encoder(),
            warm_up_days=warm_up_days,
            progress=advance,
        )
    figures = trial.report()
    if out is not None:
        write_trial(figures, out, force=force)
    if as_json:
        sys.stdout.write(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    else:
        print_trial(figures)
    return figures


def write_trial(figures: Mapping[str, Any], out: Path, *, force: bool = False) -> None:
    """Write the report as JSON, and its pictures beside it.

    The course of the differences is a PNG of the same name; what exploration gained and cost is
    one that ends in `-exploration.png`. Without a difference, or without exploration, there is no
    such picture; with `force`, an older one goes.

    Raises:
        OutputExistsError: `out` or a picture is there, and `force` is not given.
        UsageError: One of them cannot be written.
    """
    _check_output(out, force=force)
    write_figures(figures, out)
    for draw, file, is_due in (
        (draw_course, picture_of(out), bool(figures["minus_first"])),
        (draw_price, price_of(out), bool(explored(figures))),
    ):
        if is_due:
            draw(figures, file)
        elif force:
            file.unlink(missing_ok=True)


def price_of(out: Path) -> Path:
    """The picture of what exploration gained and cost, beside a report."""
    picture = picture_of(out)
    return picture.with_name(f"{picture.stem}-exploration.png")


def _check_output(out: Path, *, force: bool) -> None:
    for file in (out, picture_of(out), price_of(out)):
        check_file(file, force=force)


def _play(market: Market, policy: Policy, *, days: int, tick: Tick) -> tuple[Fate, ...]:
    fates: list[Fate] = []
    for _ in range(days):
        fates.extend(market.step(policy))
        tick(1)
    return tuple(fates)


def _check(seeds: Sequence[int]) -> None:
    if not seeds or len(set(seeds)) < len(seeds):
        raise UsageError(f"found {list(seeds)}; name at least one seed, and none twice")


def _warm_up(parameters: Parameters, days: int | None) -> int:
    warm_up = max(parameters.days - LAST_DAYS, 0) if days is None else days
    if not 0 <= warm_up < parameters.days:
        raise UsageError(
            f"a warm-up of {warm_up} days in a market of {parameters.days} leaves no day to "
            "compare; give a shorter one, from 0 on"
        )
    return warm_up


def _names(written: str) -> list[str]:
    return [name.strip() for name in written.split(",") if name.strip()]


def _numbers(written: str) -> list[int]:
    names = _names(written)
    if not all(name.isascii() and name.isdigit() for name in names):
        raise UsageError(f"the seeds are {written!r}; give whole numbers from 0 on, such as 7,8,9")
    return [int(name) for name in names]


def _ignore(days: int) -> None:
    """Nobody is watching."""
