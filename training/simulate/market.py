"""A freelance marketplace that unfolds day by day, and whose truth is known.

People sign up, clients post, a policy fills the lists, clients look, invite and choose,
freelancers apply, accept or decline, contracts end weeks later, both sides rate; people raise their
rates, learn, get busy and leave. Each job sees the state strictly before its posting, and the true
probability of every hire is known there. The luck of a job depends on the seed and the job
alone, so two policies are compared on the same posts, the same people and the same luck.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from matcher.errors import UsageError
from matcher.marketplace import Marketplace, from_frames
from training.simulate.agencies import draw_agencies
from training.simulate.clients import draw_clients
from training.simulate.contracts import Contract, work_off
from training.simulate.draws import Floats, Ints
from training.simulate.export import SimulatedMarket
from training.simulate.frames import FREELANCERS, JOBS, frame
from training.simulate.happenings import decision_at, record
from training.simulate.journal import Journal
from training.simulate.ndcg import ndcg
from training.simulate.niches import category_of_niche
from training.simulate.opening import Course, Opening
from training.simulate.parameters import Parameters
from training.simulate.people import DAY, draw_people
from training.simulate.policies import Ask, Policy
from training.simulate.posts import Post, draw_posts
from training.simulate.profiles import Profiles
from training.simulate.sides import Sides
from training.simulate.signups import draw_signups
from training.simulate.state import State
from training.simulate.truth import Truth, true_people
from training.simulate.vocabulary import categories


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of one post in the end.

    Attributes:
        earnings_usd: What its freelancers were paid.
        stars: Public stars that its client gave, one a contract that got any.
        satisfied: Contracts completed whose client would not be dissatisfied in private.
        newcomers: Hires of people who had completed nothing before.
        first_hires: Hires of people whom nobody had hired for an earlier post.
        ndcg: NDCG@10 of the list, by everybody's true chance of the hire had there been no list;
            None where nobody had any.
        expected_hires: `hires` by everybody's true chance, as the list was; luck is not in it.
        expected_first_hires: `first_hires` likewise.
    """

    job_id: str
    hires: int
    positions: int
    earnings_usd: float
    stars: tuple[float, ...]
    satisfied: int
    newcomers: int
    first_hires: int
    ndcg: float | None
    expected_hires: float
    expected_first_hires: float


class Market:
    """The environment: `reset`, then `step` until `is_over`.

    Attributes:
        parameters: Everything that its people act by.
        day: How many days have passed.
    """

    def __init__(self, parameters: Parameters | None = None, *, seed: int = 7) -> None:
        self.parameters = parameters or Parameters()
        self.day = 0
        self.reset(seed)

    def reset(self, seed: int) -> None:
        """Back to the first day, of the market that this seed makes.

        Raises:
            UsageError: The seed is negative.
        """
        if seed < 0:
            raise UsageError(f"the seed is {seed}; give a whole number from 0 on")
        given, funnel, hiring = self.parameters, self.parameters.funnel, self.parameters.hiring
        streams = [np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(6)]
        self.seed, self.day, self._next = seed, 0, 0
        self.people = draw_people(
            given.freelancers,
            days=given.days,
            founders=funnel.founders,
            pay_gap=hiring.pay_gap,
            rng=streams[0],
        )
        agencies = draw_agencies(self.people, streams[1])
        self._profiles = Profiles(self.people, agencies, streams[2])
        clients = draw_clients(given.jobs, severity=given.ratings.severity, rng=streams[3])
        self.posts = draw_posts(clients, given, streams[4])
        self._signups = draw_signups(self.people, given, streams[5])
        self.state = State(self.people, agencies, on_raise=self._edit)
        self._was_hired = np.zeros(len(self.people), np.bool_)
        self.sides = Sides(self.people, penalty=hiring.country_penalty)
        self._journal, self._truth = Journal(self.posts), Truth(self.people)
        trade = category_of_niche()
        second = np.where(self.people.second >= 0, trade[self.people.second], -1)
        self._trades = [
            np.flatnonzero((trade[self.people.niche] == each) | (second == each))
            for each in range(len(categories()))
        ]

    @property
    def is_over(self) -> bool:
        """Whether the last day has passed."""
        return self.day >= self.parameters.days

    @property
    def now(self) -> int:
        """Seconds since the market's start at which the next day begins."""
        return self.day * DAY

    def step(self, policy: Policy) -> tuple[Fate, ...]:
        """One day: every post of it gets a list of the policy's, and takes its course.

        Returns:
            What became of each post, in order of time, also where that is known only weeks later.

        Raises:
            UsageError: The market is over.
        """
        if self.is_over:
            raise UsageError(f"all {self.day} days have passed; reset the market to go on")
        self.day += 1
        fates = []
        while self._next < len(self.posts) and self.posts[self._next].at < self.now:
            fates.append(self._settle(self._next, policy))
            self._next += 1
        self.state.advance(self.now)
        return tuple(fates)

    def tables(self) -> Marketplace:
        """What the platform knows: all that happened before `now`."""
        return from_frames(**self._frames(self.now))

    def export(self) -> SimulatedMarket:
        """The record so far and the truth; all that came of it, once the market is over."""
        return SimulatedMarket(
            **self._frames(None if self.is_over else self.now),
            signups=self._signups.frame(self.people, before=self.now),
            truth=self._truth.pairs(self.posts),
            truth_jobs=self._truth.jobs(self.posts),
            truth_freelancers=true_people(self.people),
        )

    def _frames(self, before: int | None) -> dict[str, pd.DataFrame]:
        posts = self.posts[: self._next]
        return {
            "freelancers": frame(self._profiles.rows(self.now), FREELANCERS),
            "jobs": frame([post.row for post in posts], JOBS),
            "events": self._journal.frame(
                np.array(self.people.ids, dtype=object),
                np.array([post.id for post in self.posts], dtype=object),
                before=before,
            ),
        }

    def _settle(self, number: int, policy: Policy) -> Fate:
        """Let one post take its course, down to the stars at the end of its contracts."""
        choice, rng = (np.random.default_rng([self.seed, number, stream]) for stream in (1, 2))
        opening = self._open(number, policy)
        p_hire = opening.p_hire()
        alone = opening.p_hire_without_list() if opening.is_prompted else p_hire
        is_new = ~self._was_hired[opening.rows]
        course = opening.draw(choice)
        self._truth.note(number, opening, course, p_hire=p_hire, without_list=alone)
        contracts = self._follow(opening, course, rng)
        return Fate(
            job_id=opening.post.id,
            hires=len(contracts),
            positions=opening.post.positions,
            earnings_usd=sum(contract.paid_usd for contract in contracts),
            stars=tuple(each.stars for each in contracts if each.stars is not None),
            satisfied=sum(contract.satisfaction > 0 for contract in contracts),
            newcomers=sum(bool(self.state.completed[each.row] == 0) for each in contracts),
            first_hires=int(is_new[course.hired].sum()),
            ndcg=ndcg(alone, opening.places()),
            expected_hires=float(p_hire.sum()),
            expected_first_hires=float(p_hire[is_new].sum()),
        )

    def _open(self, number: int, policy: Policy) -> Opening:
        """A post, and the list that a policy fills, strictly before anything comes of it."""
        post, state = self.posts[number], self.state
        state.advance(post.at)
        ask = Ask(
            post=post,
            pool=self.people.pool_size(post.at),
            seats=self.parameters.attention.seats,
            claims=self._profiles.claims,
            state=state,
            luck=np.random.default_rng([self.seed, number, 0]),
        )
        rows = self._concerned(post)
        slate = policy.slate(ask)
        return Opening(post, rows, slate, sides=self.sides, state=state, parameters=self.parameters)

    def _follow(
        self, opening: Opening, course: Course, rng: np.random.Generator
    ) -> tuple[Contract, ...]:
        """The contracts that came of a course, which is on record from now on."""
        post, decided_at = opening.post, decision_at(opening.post, rng)
        bids = self._bids(opening, rng)
        record(
            opening,
            course,
            bids,
            decided_at=decided_at,
            applications=self.parameters.applications,
            journal=self._journal,
            rng=rng,
        )
        hired = [(int(opening.rows[place]), float(bids[place])) for place in course.hired]
        self._was_hired[opening.rows[course.hired]] = True
        return tuple(
            self._contract(post, row, bid, decided_at + 600 * turn, len(hired) > 1)
            for turn, (row, bid) in enumerate(hired)
        )

    def _contract(
        self,
        post: Post,
        row: int,
        bid: float,
        started_at: int,
        in_team: bool,  # noqa: FBT001 - private, and named where it is handed on
    ) -> Contract:
        contract = work_off(
            post,
            self.people,
            row=row,
            started_at=started_at,
            bid_usd=bid,
            in_team=in_team,
            share=post.at / (self.parameters.days * DAY),
            ratings=self.parameters.ratings,
            journal=self._journal,
            rng=np.random.default_rng([self.seed, self._next, 3, row]),
        )
        self.state.expect(contract)
        return contract

    def _bids(self, opening: Opening, rng: np.random.Generator) -> Floats:
        """[n] USD an hour: around the rate, higher for a client without any hire yet."""
        is_new = self.state.hires[opening.post.client.id] == 0
        premium = 1.0 + self.parameters.hiring.new_client_premium * is_new
        noise = np.exp(0.08 * rng.standard_normal(len(opening.rows)))
        return np.round(self.state.rate[opening.rows] * premium * noise, 2)

    def _concerned(self, post: Post) -> Ints:
        """Rows of those of the trade who had joined strictly before the posting."""
        rows = self._trades[post.category]
        return rows[: np.searchsorted(rows, self.people.pool_size(post.at))]

    def _edit(self, row: int, at: int, rate: float) -> None:
        rng = np.random.default_rng([self.seed, 1_000_000 + row, at])
        self._profiles.edit(row, at, rate, rng)
