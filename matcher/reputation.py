"""What ratings and endings say of how somebody works, less inflation and severity.

Public stars rise over the years and some clients are harder to please than others. So a
rating is worth what it deviates from what was usual on the platform when it was given and,
beyond that, from how the same client had rated before. Both are read from strictly earlier
ratings alone: nothing later changes a bit of a deviation.

Source: Filippas, Horton & Golden, EC 2018, doi:10.1145/3219166.3219222 (inflation);
Kokkodis & Ipeirotis, Management Science 2016, doi:10.1287/mnsc.2015.2217 (reputation by kind of
work).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.domain import Kind
from matcher.ports import Instants, Rows
from matcher.ragged import Ragged, spans
from matcher.tally import Tally

Floats = NDArray[np.float64]

PRIVATE, STARS, ENDING = "private", "stars", "ending"
SIGNALS = (PRIVATE, STARS, ENDING)  # the least inflated first
USUAL = {PRIVATE: 0.75, STARS: 0.9, ENDING: 0.9}  # before a market has shown its own
USUAL_STRENGTH = 20.0
HALF_LIFE_DAYS = 180.0
SEVERITY_STRENGTH = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pieces:
    """m pieces of evidence of one signal.

    Attributes:
        at: [m] instants.
        job: [m] job rows.
        freelancer: [m] rows.
        deviation: [m] in -1..1; above 0 is better than usual.
    """

    at: Instants
    job: Rows
    freelancer: Rows
    deviation: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Reputation:
    """Evidence of quality, as of any instant.

    Attributes:
        pieces: Per signal.
        by_person: Per signal, deviations keyed by freelancer row.
        by_skill: Per signal, for jobs that list a skill, keyed by skill and freelancer as
            `History.pair` does.
    """

    pieces: Mapping[str, Pieces]
    by_person: Mapping[str, Tally]
    by_skill: Mapping[str, Tally]

    @classmethod
    def of(
        cls,
        *,
        at: Instants,
        who: Rows,
        what: Rows,
        value: Floats,
        of_kind: Mapping[Kind, NDArray[np.bool_]],
        client: Rows,
        skills: Ragged,
        width: int,
    ) -> Reputation:
        """From all events, in any order.

        Args:
            client: [N] client code of every job, -1 unknown.
            skills: [N] skill codes that every job lists.
            width: Number of freelancers, for keys of a skill and a freelancer.
        """
        pieces = {}
        for signal, (unsorted, told) in evidence(value, of_kind).items():
            order = np.lexsort((told, who[unsorted], what[unsorted], at[unsorted]))
            rows, share = unsorted[order], told[order]
            pieces[signal] = Pieces(
                at=at[rows],
                job=what[rows],
                freelancer=who[rows],
                deviation=deviations(at[rows], share, client[what[rows]], USUAL[signal]),
            )
        return cls(
            pieces=pieces,
            by_person={
                signal: Tally.of(one.freelancer, one.at, one.deviation)
                for signal, one in pieces.items()
            },
            by_skill={
                signal: _by_skill(one, skills, width=width) for signal, one in pieces.items()
            },
        )


def evidence(
    value: Floats, of_kind: Mapping[Kind, NDArray[np.bool_]]
) -> dict[str, tuple[Rows, Floats]]:
    """Per signal, the rows of events that carry it and what each says as a share of the scale.

    Args:
        value: [m] values of all events; `of_kind` says of each kind which events are of it.
    """
    ended = of_kind[Kind.COMPLETED] | of_kind[Kind.CANCELLED]
    found = {
        PRIVATE: (of_kind[Kind.RATED_PRIVATE], value / 10.0),
        STARS: (of_kind[Kind.RATED_FREELANCER], (value - 1.0) / 4.0),
        ENDING: (ended, of_kind[Kind.COMPLETED].astype(np.float64)),
    }
    rows = {s: np.flatnonzero(mask & np.isfinite(share)) for s, (mask, share) in found.items()}
    return {signal: (rows[signal], share[rows[signal]]) for signal, (_, share) in found.items()}


def deviations(at: Instants, share: Floats, client: Rows, usual: float) -> Floats:
    """[m] what each rating is above what was to be expected of its time and its client.

    Args:
        share: [m] ratings as a share of the scale, 0..1.
        client: [m] who rated; -1 unknown.
        usual: What is expected before anything was rated.
    """
    ones = np.zeros(len(at), np.int64)
    lately = Tally.of(ones, at, share).view(ones, at).decayed(HALF_LIFE_DAYS)
    count = Tally.of(ones, at).view(ones, at).decayed(HALF_LIFE_DAYS)
    expected = (lately.astype(np.float64) + usual * USUAL_STRENGTH) / (count + USUAL_STRENGTH)
    apart = share - expected
    before = Tally.of(client, at, apart).view(client, at)
    severity = before.mean(prior=0.0, strength=SEVERITY_STRENGTH).astype(np.float64)
    return np.asarray(np.clip(apart - severity, -1.0, 1.0), np.float64)


def _by_skill(pieces: Pieces, skills: Ragged, *, width: int) -> Tally:
    positions, place = spans(skills.ends[pieces.job], skills.ends[pieces.job + 1])
    key = skills.codes[positions] * width + pieces.freelancer[place]
    return Tally.of(key, pieces.at[place], pieces.deviation[place])
