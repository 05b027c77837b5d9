"""The only door to the past: what had happened strictly before an instant.

Every question carries its instant, and every answer reads only events before
it. Training asks as of the posting, serving as of the request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from matcher.clientele import Clientele
from matcher.domain import Kind
from matcher.engagements import ENDINGS, Endings, Engagements
from matcher.happened import VALUED, Entries, Happened, entries
from matcher.inserted import Inserted
from matcher.interests import WANTING, Interests
from matcher.outgrown import Outgrown
from matcher.ports import Instants, Rows
from matcher.ragged import spans
from matcher.reputation import SIGNALS, Reputation, evidence
from matcher.roster import Freelancers, Jobs
from matcher.tally import Tally, pair_key

LARGEST_TEAM = 20
SIGNS: Mapping[str, tuple[Kind, ...]] = {
    "interests": WANTING,
    "shortlists": (Kind.SHORTLISTED,),
    "invites": (Kind.INVITED,),
    "refusals": (Kind.INVITE_DECLINED, Kind.REJECTED),
}


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

    @classmethod
    def of(cls, events: pd.DataFrame, *, freelancers: Freelancers, jobs: Jobs) -> History:
        """From the `events` table of a marketplace."""
        happened = Happened.of(events, freelancers=freelancers, jobs=jobs)
        tallies = {name: Tally.of(*told) for name, told in _entries(happened, jobs).items()}
        engagements, signs = _records(happened, jobs)
        wants = signs["interests"]
        fields: dict[str, Any] = {**_named(tallies), **signs}
        return cls(
            beside=Tally.of(*_beside(engagements, np.arange(len(jobs)))),
            engagements=engagements,
            wanted=Tally.of(wants.freelancer, wants.at),
            **fields,
            reputation=Reputation.of(happened, jobs),
            clientele=Clientele.of(
                happened,
                jobs,
                from_pool=happened.from_pool(freelancers, jobs),
                wants=wants.at,
            ),
            row_client=jobs.clients.column(freelancers.ids),
            last_at=int(max(happened.at.max(initial=0), jobs.posted_at.max(initial=0))),
        )

    def grown(
        self, happened: Happened, *, freelancers: Freelancers, jobs: Jobs, clients: int
    ) -> tuple[History, Mapping[str, Inserted]]:
        """The same with more events, of more people and jobs; and where the records grew.

        Args:
            freelancers: Those of before, in their rows, and then the new; jobs likewise.
            clients: How many clients had a code before.

        Raises:
            Outgrown: Something came too late to be put where it belongs.
        """
        tallies = {
            name: self.tally(name).grown(*told) for name, told in _entries(happened, jobs).items()
        }
        place, inserted, signs = freelancers.places, {}, {}
        for name, kinds in SIGNS.items():
            before: Interests = getattr(self, name)
            came = happened.only(happened.of_any(*kinds))
            signs[name], inserted[name] = before.grown(*came, jobs=len(jobs), place=place)
        engagements, inserted["engagements"] = self.engagements.grown(
            happened.engagements(jobs=0),
            jobs=len(jobs),
            place=place,
            endings=_endings(happened),
        )
        wants = inserted["interests"]
        since = len(self.engagements.ends) - 1
        fields: dict[str, Any] = {**_named(tallies), **signs}
        return History(
            beside=self.beside.grown(
                *_more_beside(self.engagements, engagements, inserted["engagements"].job)
            ),
            engagements=engagements,
            wanted=self.wanted.grown(wants.freelancer, wants.at),
            **fields,
            reputation=self.reputation.grown(happened, jobs),
            clientele=self.clientele.grown(
                happened,
                jobs,
                from_pool=happened.from_pool(freelancers, jobs),
                wants=wants.at,
                since=since,
            ),
            row_client=self._row_client(freelancers, jobs, since=clients),
            last_at=max(
                self.last_at,
                int(happened.at.max(initial=0)),
                int(jobs.posted_at[since:].max(initial=0)),
            ),
        ), inserted

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
        return pair_key(np.asarray(key, np.int64), np.asarray(freelancer, np.int64))

    def _row_client(self, freelancers: Freelancers, jobs: Jobs, *, since: int) -> Rows:
        known = len(self.row_client)
        longer = np.append(self.row_client, jobs.clients.column(freelancers.ids[known:]))
        for code, name in jobs.clients.since(since):
            if name in freelancers.rows:
                longer[freelancers.rows[name]] = code
        return longer


def _entries(happened: Happened, jobs: Jobs) -> dict[str, Entries]:
    """What events add to each tally, by name."""
    told = evidence(happened.value, happened.of_kind)
    client = jobs.client[happened.what]
    return entries(happened, jobs) | {
        f"client:{signal}": (pair_key(client[rows], happened.who[rows]), happened.at[rows], share)
        for signal, (rows, share) in told.items()
    }


def _named(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """Tallies by name as the fields of a `History`."""
    return {
        "by_kind": {kind: tallies[f"kind:{kind}"] for kind in Kind},
        "valued": {kind: tallies[f"value:{kind}"] for kind in VALUED},
        "for_client": {signal: tallies[f"client:{signal}"] for signal in SIGNALS},
        **{name: tallies[name] for name in ("with_client", "in_category", "in_skill")},
    }


def _records(happened: Happened, jobs: Jobs) -> tuple[Engagements, dict[str, Interests]]:
    signs = {}
    for name, kinds in SIGNS.items():
        signs[name] = Interests.of(*happened.only(happened.of_any(*kinds)), jobs=len(jobs))
    return happened.engagements(jobs=len(jobs)), signs


def _endings(happened: Happened) -> dict[Kind, Endings]:
    return {
        kind: Endings(
            job=happened.what[mask],
            freelancer=happened.who[mask],
            at=happened.at[mask],
            value=happened.value[mask],
        )
        for kind, mask in happened.of_kind.items()
        if kind in ENDINGS
    }


def _beside(engagements: Engagements, jobs: Rows) -> tuple[Rows, Instants]:
    """Keys and instants of two people among the first hires of some jobs."""
    starts = engagements.ends[jobs]
    stops = np.minimum(
        engagements.ends[jobs + 1], starts + LARGEST_TEAM
    )  # the first: no later hire counts
    teams = np.flatnonzero(stops - starts > 1)
    members, owner = spans(starts[teams], stops[teams])
    team = teams[owner]
    other, place = spans(starts[team], stops[team])
    one = members[place]
    distinct = one != other
    one, other = one[distinct], other[distinct]
    key = pair_key(engagements.freelancer[one], engagements.freelancer[other])
    return key, np.maximum(engagements.at[one], engagements.at[other])


def _more_beside(before: Engagements, after: Engagements, touched: Rows) -> tuple[Rows, Instants]:
    """What the hires for some jobs add to `beside`."""
    jobs = np.unique(touched)
    known = jobs[jobs < len(before.ends) - 1]
    was, now = (
        Counter(zip(keys.tolist(), at.tolist(), strict=True))
        for keys, at in (_beside(before, known), _beside(after, jobs))
    )
    if was - now:
        raise Outgrown("a hire that takes another's place in a team")
    more = list((now - was).elements())
    found = np.array(more, np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]
