"""The only door to the past: what had happened strictly before an instant.

Every question carries its instant, and every answer reads only events before
it. Training asks as of the posting, serving as of the request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.clientele import Clientele
from matcher.domain import Kind
from matcher.interests import WANTING, Interests
from matcher.ports import Column, Instants, Rows
from matcher.ragged import spans
from matcher.reputation import Reputation, evidence
from matcher.roster import Freelancers, Jobs, instants
from matcher.tally import Tally

NEVER = np.iinfo(np.int64).max
LARGEST_TEAM = 20
CANCELLED_WEIGHT = 0.3
VALUED = (
    Kind.HIRED,
    Kind.PAID,
    Kind.RATED_FREELANCER,
    Kind.RATED_CLIENT,
    Kind.RATED_PRIVATE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagements:
    """Who was hired for what, job by job, with how it went.

    Attributes:
        ends: [N + 1] int64; engagements of job row j are `ends[j]:ends[j + 1]`, in time order.
        freelancer: [m] rows.
        at: [m] instants of the hire.
        cancelled_at: [m] instants; `NEVER` where it was not broken off.
        rated_at: [m] instants; `NEVER` without a public rating.
        stars: [m] float32 in 1..5; NaN without one.
    """

    ends: Rows
    freelancer: Rows
    job: Rows
    at: Instants
    cancelled_at: Instants
    rated_at: Instants
    stars: Column

    def of_jobs(self, jobs: Rows, *, as_of: int) -> tuple[Rows, Rows]:
        """Engagements begun before `as_of` for some jobs, and the place of each one's job."""
        positions, owner = spans(self.ends[jobs], self.ends[jobs + 1])
        past = self.at[positions] < as_of
        return positions[past], owner[past]

    def weight(self, positions: Rows, *, as_of: int) -> Column:
        """[n] in (0, 1]: how much an engagement recommends, by what was known of its outcome.

        One while nothing speaks against it; `CANCELLED_WEIGHT` once broken off; with s
        stars, (1 + s) / 6.
        """
        out = np.ones(len(positions))
        rated = self.rated_at[positions] < as_of
        out[rated] = (1 + self.stars[positions][rated]) / 6
        out[self.cancelled_at[positions] < as_of] *= CANCELLED_WEIGHT
        return out.astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What freelancers and clients did, as of any instant.

    Attributes:
        by_kind: Per kind, events keyed by freelancer row, each worth one.
        valued: Per kind that carries one, events with a value, keyed by freelancer row.
        with_client: Hires keyed by `pair(client, freelancer)`.
        for_client: Per signal of `Reputation`, its share of the scale keyed by
            `pair(client, freelancer)`: how it went between the two.
        in_category: Hires keyed by `pair(category, freelancer)`.
        in_skill: Hires for jobs that list a skill, keyed by `pair(skill, freelancer)`.
        beside: Two people among a job's first `LARGEST_TEAM` hires, keyed by
            `pair(one, other)`, both ways.
        engagements: Hires job by job.
        interests: Applications and accepted invitations, job by job.
        wanted: The same, keyed by freelancer row.
        shortlists: Who was shortlisted, job by job; `invites`: who was invited; `refusals`:
            who declined an invitation or was rejected.
        reputation: Ratings and endings, less inflation and severity.
        clientele: What clients did, and the pace of the market.
        row_client: [F] the client code of the same id; -1 where a freelancer only delivers.
        last_at: The latest instant recorded; 0 when nothing is.
    """

    by_kind: Mapping[Kind, Tally]
    valued: Mapping[Kind, Tally]
    with_client: Tally
    for_client: Mapping[str, Tally]
    in_category: Tally
    in_skill: Tally
    beside: Tally
    engagements: Engagements
    interests: Interests
    wanted: Tally
    shortlists: Interests
    invites: Interests
    refusals: Interests
    reputation: Reputation
    clientele: Clientele
    row_client: Rows
    last_at: int
    width: int

    @classmethod
    def of(cls, events: pd.DataFrame, *, freelancers: Freelancers, jobs: Jobs) -> History:
        """From the `events` table of a marketplace."""
        at = instants(events["at"])
        who = _rows(events["freelancer_id"], freelancers.rows)
        what = _rows(events["job_id"], jobs.rows)
        kinds = events["kind"].astype(str).to_numpy(dtype=str)
        value = events["value"].to_numpy(dtype=np.float64, na_value=np.nan)
        of_kind = {kind: kinds == kind.value for kind in Kind}
        hired = of_kind[Kind.HIRED]
        engagements = _engagements(at, who, what, value, of_kind, len(jobs))

        def signs(*kinds: Kind) -> Interests:
            of_any = np.logical_or.reduce([of_kind[kind] for kind in kinds])
            return Interests.of(at[of_any], who[of_any], what[of_any], jobs=len(jobs))

        interests = signs(*WANTING)
        width = max(len(freelancers), 1)
        client, category = jobs.client[what[hired]], jobs.category[what[hired]]
        return cls(
            by_kind={kind: Tally.of(who[mask], at[mask]) for kind, mask in of_kind.items()},
            valued={
                kind: Tally.of(who[of_kind[kind]], at[of_kind[kind]], value[of_kind[kind]])
                for kind in VALUED
            },
            with_client=Tally.of(_pair(client, who[hired], width), at[hired]),
            for_client={
                signal: Tally.of(_pair(jobs.client[what[rows]], who[rows], width), at[rows], share)
                for signal, (rows, share) in evidence(value, of_kind).items()
            },
            in_category=Tally.of(_pair(category, who[hired], width), at[hired]),
            in_skill=_by_skill(jobs, who=who[hired], what=what[hired], at=at[hired], width=width),
            beside=_beside(engagements, width),
            engagements=engagements,
            interests=interests,
            wanted=Tally.of(interests.freelancer, interests.at),
            shortlists=signs(Kind.SHORTLISTED),
            invites=signs(Kind.INVITED),
            refusals=signs(Kind.INVITE_DECLINED, Kind.REJECTED),
            reputation=Reputation.of(
                at=at,
                who=who,
                what=what,
                value=value,
                of_kind=of_kind,
                client=jobs.client,
                skills=jobs.skills,
                width=width,
            ),
            clientele=Clientele.of(
                at=at,
                what=what,
                value=value,
                of_kind=of_kind,
                client=jobs.client,
                posted_at=jobs.posted_at,
                from_pool=freelancers.joined_at[who] < jobs.posted_at[what],
                interests=interests,
            ),
            row_client=jobs.clients.column(freelancers.ids),
            last_at=int(max(at.max(initial=0), jobs.posted_at.max(initial=0))),
            width=width,
        )

    def tally(self, name: str) -> Tally:
        """A tally by name: `kind:hired`, `value:paid`, `person:stars`, `with_client`, ..."""
        group, _, of = name.partition(":")
        if group in {"kind", "value"}:
            return (self.by_kind if group == "kind" else self.valued)[Kind(of)]
        rated = self.reputation
        if group in {"person", "skill", "client"}:
            return {
                "person": rated.by_person,
                "skill": rated.by_skill,
                "client": self.for_client,
            }[group][of]
        return {
            "with_client": self.with_client,
            "in_category": self.in_category,
            "in_skill": self.in_skill,
            "beside": self.beside,
            "wanted": self.wanted,
            "client_posts": self.clientele.posts,
            "client_hires": self.clientele.hires,
            "client_ratings": self.clientele.ratings,
        }[group]

    def pair(self, key: Rows | int, freelancer: Rows | int) -> Rows:
        """The key of (client, category or freelancer) and freelancer; -1 where one is unknown."""
        return _pair(np.asarray(key, np.int64), np.asarray(freelancer, np.int64), self.width)


def _pair(key: Rows, freelancer: Rows, width: int) -> Rows:
    return np.where((key < 0) | (freelancer < 0), -1, key * width + freelancer)


def _rows(ids: pd.Series[str], rows: dict[str, int]) -> Rows:
    return np.asarray(ids.map(rows), np.int64)


def _engagements(
    at: Instants, who: Rows, what: Rows, value: Column, of_kind: Mapping[Kind, Column], jobs: int
) -> Engagements:
    """One row a (job, freelancer): the first hire, the first cancellation, the first stars."""
    pair = what * (int(who.max(initial=0)) + 1) + who

    def first(kind: Kind) -> Rows:
        rows = np.flatnonzero(of_kind[kind])
        rows = rows[np.lexsort((value[rows], at[rows], pair[rows]))]
        return rows[np.unique(pair[rows], return_index=True)[1]]

    hires = first(Kind.HIRED)
    cancelled, rated = first(Kind.CANCELLED), first(Kind.RATED_FREELANCER)
    hires = hires[np.lexsort((who[hires], at[hires], what[hires]))]
    ends = np.searchsorted(what[hires], np.arange(jobs + 1))

    def matched(rows: Rows) -> Rows:
        if len(rows) == 0:
            return np.full(len(hires), -1)
        place = np.minimum(np.searchsorted(pair[rows], pair[hires]), len(rows) - 1)
        return np.where(pair[rows][place] == pair[hires], rows[place], -1)

    ended, starred = matched(cancelled), matched(rated)
    return Engagements(
        ends=ends,
        freelancer=who[hires],
        job=what[hires],
        at=at[hires],
        cancelled_at=np.where(ended >= 0, at[ended], NEVER) if len(at) else at[hires],
        rated_at=np.where(starred >= 0, at[starred], NEVER) if len(at) else at[hires],
        stars=np.where(starred >= 0, value[starred], np.nan).astype(np.float32)
        if len(at)
        else np.zeros(0, np.float32),
    )


def _by_skill(jobs: Jobs, *, who: Rows, what: Rows, at: Instants, width: int) -> Tally:
    positions, hire = spans(jobs.skills.ends[what], jobs.skills.ends[what + 1])
    return Tally.of(_pair(jobs.skills.codes[positions], who[hire], width), at[hire])


def _beside(engagements: Engagements, width: int) -> Tally:
    starts = engagements.ends[:-1]
    stops = np.minimum(
        engagements.ends[1:], starts + LARGEST_TEAM
    )  # the first: no later hire counts
    teams = np.flatnonzero(stops - starts > 1)
    members, owner = spans(starts[teams], stops[teams])
    team = teams[owner]
    other, place = spans(starts[team], stops[team])
    one = members[place]
    distinct = one != other
    one, other = one[distinct], other[distinct]
    key = _pair(engagements.freelancer[one], engagements.freelancer[other], width)
    return Tally.of(key, np.maximum(engagements.at[one], engagements.at[other]))
