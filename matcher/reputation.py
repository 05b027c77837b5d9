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
from matcher.happened import Happened
from matcher.outgrown import Outgrown
from matcher.ports import Instants, Rows
from matcher.ragged import Ragged, spans
from matcher.roster import Jobs
from matcher.tally import Tally, pair_key

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

    @classmethod
    def of(cls, happened: Happened, rows: Rows, deviation: Floats) -> Pieces:
        """From some events, by time, and the deviation of each."""
        return cls(
            at=happened.at[rows],
            job=happened.what[rows],
            freelancer=happened.who[rows],
            deviation=deviation,
        )

    def followed(self, more: Pieces) -> Pieces:
        """These and then some more."""
        return Pieces(
            at=np.append(self.at, more.at),
            job=np.append(self.job, more.job),
            freelancer=np.append(self.freelancer, more.freelancer),
            deviation=np.append(self.deviation, more.deviation),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """What was to be expected of a rating of one signal, as of any instant.

    Attributes:
        shares: All ratings as a share of the scale, under one key, 0; `count`: each worth one.
        apart: What each was above what was usual of its time, keyed by client.
    """

    shares: Tally
    count: Tally
    apart: Tally

    @classmethod
    def of(cls, at: Instants, share: Floats, client: Rows, usual: float) -> tuple[Usual, Floats]:
        """From [m] ratings, and what each is above what was to be expected; see `deviations`."""
        ones = np.zeros(len(at), np.int64)
        shares, count = Tally.of(ones, at, share), Tally.of(ones, at)
        apart = _apart(shares, count, at, share, usual)
        severity = Tally.of(client, at, apart)
        return cls(shares=shares, count=count, apart=severity), _beyond(severity, at, client, apart)

    def grown(
        self, at: Instants, share: Floats, client: Rows, usual: float
    ) -> tuple[Usual, Floats]:
        """The same with [m] more ratings, none before any that is known, and theirs."""
        ones = np.zeros(len(at), np.int64)
        shares, count = self.shares.grown(ones, at, share), self.count.grown(ones, at)
        apart = _apart(shares, count, at, share, usual)
        severity = self.apart.grown(client, at, apart)
        grown = Usual(shares=shares, count=count, apart=severity)
        return grown, _beyond(severity, at, client, apart)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reputation:
    """Evidence of quality, as of any instant.

    Attributes:
        pieces: Per signal.
        usual: Per signal, what was to be expected.
        by_person: Per signal, deviations keyed by freelancer row.
        by_skill: Per signal, for jobs that list a skill, keyed by skill and freelancer as
            `History.pair` does.
    """

    pieces: Mapping[str, Pieces]
    usual: Mapping[str, Usual]
    by_person: Mapping[str, Tally]
    by_skill: Mapping[str, Tally]

    @classmethod
    def of(cls, happened: Happened, jobs: Jobs) -> Reputation:
        """From all events, in any order."""
        pieces, usual = {}, {}
        for signal, (rows, share) in _in_order(happened).items():
            client = jobs.client[happened.what[rows]]
            usual[signal], apart = Usual.of(happened.at[rows], share, client, USUAL[signal])
            pieces[signal] = Pieces.of(happened, rows, apart)
        return cls(
            pieces=pieces,
            usual=usual,
            by_person={
                signal: Tally.of(one.freelancer, one.at, one.deviation)
                for signal, one in pieces.items()
            },
            by_skill={
                signal: Tally.of(*_by_skill(one, jobs.skills)) for signal, one in pieces.items()
            },
        )

    def grown(self, happened: Happened, jobs: Jobs) -> Reputation:
        """The same with more events.

        Raises:
            Outgrown: A rating came before others that were judged without it.
        """
        pieces, usual = {}, {}
        for signal, (rows, share) in _in_order(happened).items():
            at, known = happened.at[rows], self.pieces[signal].at
            if len(at) and len(known) and at[0] < known[-1]:
                raise Outgrown("a rating that came before others")
            client = jobs.client[happened.what[rows]]
            usual[signal], apart = self.usual[signal].grown(at, share, client, USUAL[signal])
            pieces[signal] = Pieces.of(happened, rows, apart)
        return Reputation(
            pieces={signal: one.followed(pieces[signal]) for signal, one in self.pieces.items()},
            usual=usual,
            by_person={
                signal: self.by_person[signal].grown(one.freelancer, one.at, one.deviation)
                for signal, one in pieces.items()
            },
            by_skill={
                signal: self.by_skill[signal].grown(*_by_skill(one, jobs.skills))
                for signal, one in pieces.items()
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
    return Usual.of(at, share, client, usual)[1]


def _in_order(happened: Happened) -> dict[str, tuple[Rows, Floats]]:
    """Per signal, the events that carry it by time, and what each says."""
    found = {}
    for signal, (rows, told) in evidence(happened.value, happened.of_kind).items():
        keys = (told, happened.who[rows], happened.what[rows], happened.at[rows])
        order = np.lexsort(keys)
        found[signal] = rows[order], told[order]
    return found


def _apart(shares: Tally, count: Tally, at: Instants, share: Floats, usual: float) -> Floats:
    """[m] ratings less what was usual on the platform just before."""
    ones = np.zeros(len(at), np.int64)
    lately = shares.view(ones, at).decayed(HALF_LIFE_DAYS)
    many = count.view(ones, at).decayed(HALF_LIFE_DAYS)
    expected = (lately.astype(np.float64) + usual * USUAL_STRENGTH) / (many + USUAL_STRENGTH)
    return share - expected


def _beyond(before: Tally, at: Instants, client: Rows, apart: Floats) -> Floats:
    """[m] the same less how the client had rated before, in -1..1."""
    seen = before.view(client, at).mean(prior=0.0, strength=SEVERITY_STRENGTH)
    return np.asarray(np.clip(apart - seen.astype(np.float64), -1.0, 1.0), np.float64)


def _by_skill(pieces: Pieces, skills: Ragged) -> tuple[Rows, Instants, Floats]:
    positions, place = spans(skills.ends[pieces.job], skills.ends[pieces.job + 1])
    key = pair_key(skills.codes[positions], pieces.freelancer[place])
    return key, pieces.at[place], pieces.deviation[place]
