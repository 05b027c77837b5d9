"""The gate: may a candidate take the champion's place?

Each check asks for proof that the candidate is not worse by more than a margin, and not
for a lack of proof that it is: the unfavourable end of the 95% interval of the paired
difference must lie within the margin. That end of a two-sided 95% interval is a
one-sided test at 2.5%. With few jobs the interval is wide, and the answer is no.

The first of its name takes nobody's place. It is set against itself without learning and
judged the other way round: it fails only where the whole interval shows it to be worse.

Newcomers are too few for that in most spans. With under 100 of them hired, the candidate
fails only where it is shown to be worse: an exact sign test on the people whom one of the
two found and the other did not, one-sided at 5%.

Source: Piaggio et al., JAMA 2012, doi:10.1001/jama.2012.87802 (non-inferiority);
Sakai, SIGIR 2006, doi:10.1145/1148170.1148261 (paired bootstrap over jobs);
McNemar, Psychometrika 1947, doi:10.1007/BF02295996 (paired sign test).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import comb, isfinite

import numpy as np

from matcher.errors import UsageError
from training.duel import Duel
from training.metrics import Floats, edges, interval, mean, per_job, resamples
from training.reliability import Reliability

FEWEST_JOBS = 20
FEWEST_NEWCOMERS = 100
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is asked of a candidate.

    Attributes:
        margin: How much lower NDCG@10 may be.
        calibration_margin: How much greater the calibration error may be, as a share of the
            share of retrieved candidates who are hired.
        newcomer_margin: How much lower the recall@100 of newcomers may be.
        latency_ratio: How many times the champion's milliseconds it may take.
        latency_ms: How long the slowest hundredth may take; None for as long as it likes.
    """

    margin: float = 0.01
    calibration_margin: float = 0.25
    newcomer_margin: float = 0.05
    latency_ratio: float = 1.5
    latency_ms: float | None = None

    def __post_init__(self) -> None:
        """Refuse what no comparison could be held against.

        Raises:
            UsageError: A margin or a budget is not a finite number.
        """
        for name, value in asdict(self).items():
            if value is not None and not isfinite(value):
                option = f"--{name.replace('_', '-')}"
                raise UsageError(f"{option} is {value}; give a finite number")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One question to a candidate.

    Attributes:
        holds: Whether the candidate passes.
        told: What was found, and what was asked, in words.
        figures: The same as plain JSON values.
    """

    name: str
    holds: bool
    told: str
    figures: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checks came to."""

    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Whether the candidate may become champion."""
        return all(check.holds for check in self.checks)

    @property
    def failed(self) -> tuple[Check, ...]:
        """What it failed at."""
        return tuple(check for check in self.checks if not check.holds)

    def figures(self) -> dict[str, object]:
        """Every check by name, as plain JSON values."""
        return {one.name: {"holds": one.holds, **one.figures} for one in self.checks}


def judged(found: Duel, rules: Rules) -> Verdict:
    """The verdict on a candidate; without any job that counts, only that there is none."""
    enough = _jobs(found)
    if not found.relevant:
        return Verdict((enough,))
    return Verdict(
        (
            enough,
            _ranking(found, rules),
            _calibration(found, rules),
            _newcomers(found, rules),
            _latency(found, rules),
        )
    )


def _jobs(found: Duel) -> Check:
    counted = len(found.relevant)
    return Check(
        name="jobs",
        holds=counted >= FEWEST_JOBS,
        told=f"{counted:,} test jobs count, {FEWEST_JOBS} are needed; choose an earlier span (and "
        "train with --until its start), or wait for more hires",
        figures={"counted": counted, "left_out": found.left_out, "needed": FEWEST_JOBS},
    )


def _ranking(found: Duel, rules: Rules) -> Check:
    """NDCG@10, job by job."""
    ours, theirs = (
        per_job(side.lists, found.relevant)["ndcg@10"] for side in (found.candidate, found.champion)
    )
    low, high = interval(ours - theirs)
    return Check(
        name="ranking",
        holds=high >= 0 if found.is_first else low > -rules.margin,
        told=f"NDCG@10 is {mean(ours):.3f} against {mean(theirs):.3f}, {mean(ours - theirs):+.3f} "
        f"[{low:+.3f} {high:+.3f}]; {_asked(found, rules.margin)}",
        figures={
            "candidate": mean(ours),
            "champion": mean(theirs),
            "difference": mean(ours - theirs),
            "ci": [low, high],
            "margin": rules.margin,
        },
    )


def _calibration(found: Duel, rules: Rules) -> Check:
    """Calibration error of p_hire over bins of equal count; jobs are drawn anew, not pairs."""
    ours, theirs = (
        Reliability.of(side.p_hire, side.hired) for side in (found.candidate, found.champion)
    )
    if ours is None or theirs is None:
        lost = theirs is not None and not found.is_first
        return Check(
            name="calibration",
            holds=not lost,
            told="p_hire is untrained" + (", the champion's is trained" if lost else ""),
            figures={
                "candidate": None if ours is None else ours.error(),
                "champion": None if theirs is None else theirs.error(),
            },
        )
    weights = resamples(len(ours.table))
    low, high = edges([ours.error(one) - theirs.error(one) for one in weights])
    tolerance = rules.calibration_margin * theirs.hire_rate()
    apart = ours.error() - theirs.error()
    asked = f"the upper end must be at most {tolerance:+.5f}; more jobs narrow the interval"
    if found.is_first:
        asked = "the lower end must be at most 0"
    return Check(
        name="calibration",
        holds=low <= 0 if found.is_first else high <= tolerance,
        told=f"the calibration error of p_hire is {ours.error():.5f} against {theirs.error():.5f}, "
        f"{apart:+.5f} [{low:+.5f} {high:+.5f}]; {asked}",
        figures={
            "candidate": ours.error(),
            "champion": theirs.error(),
            "difference": apart,
            "ci": [low, high],
            "margin": tolerance,
        },
    )


def _newcomers(found: Duel, rules: Rules) -> Check:
    """Recall@100 of hired people whom nobody had hired before."""
    counts = np.array([_found(found, job) for job in found.relevant], np.float64)  # [jobs, 4]
    hires, ours, theirs, lost = counts.sum(axis=0)
    figures: dict[str, object] = {"hires": int(hires), "margin": rules.newcomer_margin}
    if hires == 0:
        told = "nobody hired was a newcomer"
        return Check(name="newcomers", holds=True, told=told, figures=figures)
    apart = (ours - theirs) / hires
    figures |= {"candidate": ours / hires, "champion": theirs / hires, "difference": apart}
    told = (
        f"recall@100 of {hires:,.0f} hired newcomers is {ours / hires:.3f} against "
        f"{theirs / hires:.3f}"
    )
    if hires < FEWEST_NEWCOMERS:
        gained = lost + ours - theirs
        chance = _sign_test(int(lost), int(gained))
        return Check(
            name="newcomers",
            holds=chance >= SIGNIFICANT,
            told=f"{told}, {lost:.0f} lost and {gained:.0f} gained: chance alone loses so many "
            f"with probability {chance:.3f}, which must be at least {SIGNIFICANT}",
            figures={**figures, "lost": int(lost), "gained": int(gained), "p": chance},
        )
    low, high = edges(_differences(counts))
    return Check(
        name="newcomers",
        holds=high >= 0 if found.is_first else low > -rules.newcomer_margin,
        told=f"{told}, {apart:+.3f} [{low:+.3f} {high:+.3f}]; "
        f"{_asked(found, rules.newcomer_margin)}",
        figures={**figures, "ci": [low, high]},
    )


def _latency(found: Duel, rules: Rules) -> Check:
    """Median and slowest hundredth of one match, side by side on one machine."""
    ours = _milliseconds(found.candidate_ms)
    theirs = None if found.champion_ms is None else _milliseconds(found.champion_ms)
    told = f"a match takes {ours['p50_ms']:.1f} ms (p50), {ours['p99_ms']:.1f} ms (p99)"
    holds = True
    if theirs is not None:
        holds = all(ours[one] <= rules.latency_ratio * theirs[one] for one in ours)
        told += (
            f" against {theirs['p50_ms']:.1f} and {theirs['p99_ms']:.1f}; each may be at most "
            f"{rules.latency_ratio:g} times the champion's"
        )
    if rules.latency_ms is not None:
        holds = holds and ours["p99_ms"] <= rules.latency_ms
        told += f"; p99 may be at most {rules.latency_ms:g} ms"
    return Check(
        name="latency",
        holds=holds,
        told=told,
        figures={
            "candidate": ours,
            "champion": theirs,
            "ratio": rules.latency_ratio,
            "most_ms": rules.latency_ms,
        },
    )


def _asked(found: Duel, margin: float) -> str:
    if found.is_first:
        return "the upper end must be at least 0"
    return f"the lower end must be above {-margin:+.3f}; more jobs narrow the interval"


def _found(found: Duel, job: str) -> tuple[int, int, int, int]:
    """Hired newcomers of a job: all, those in either list, those in the champion's alone."""
    wanted = set(found.newcomers[job])
    ours = wanted.intersection(found.candidate.lists[job])
    theirs = wanted.intersection(found.champion.lists[job])
    return len(wanted), len(ours), len(theirs), len(theirs - ours)


def _differences(counts: Floats) -> list[float]:
    """Of the two recalls, resample by resample; those without any newcomer tell nothing."""
    sums = [weight @ counts for weight in resamples(len(counts))]
    return [float((ours - theirs) / hires) for hires, ours, theirs, _ in sums if hires > 0]


def _sign_test(lost: int, gained: int) -> float:
    """Probability of at least so many lost if losing and gaining were equally likely.

    >>> _sign_test(5, 0), _sign_test(0, 0)
    (0.03125, 1.0)
    """
    apart = lost + gained
    return float(sum(comb(apart, count) for count in range(lost, apart + 1)) / 2**apart)


def _milliseconds(took: Floats) -> dict[str, float]:
    return {"p50_ms": float(np.median(took)), "p99_ms": float(np.percentile(took, 99))}
