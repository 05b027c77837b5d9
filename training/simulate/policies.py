"""Who fills the lists that clients see, and what a list is.

A policy is asked once a post, and may know all that lies before it: the platform's record
(`Ask.renown`, `Ask.pool`, the exported tables). The oracle alone knows the truth.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt

from training.simulate.draws import Floats, Ints
from training.simulate.posts import Post
from training.simulate.state import State
from training.simulate.vocabulary import categories, skills

_TIE = 1e-9  # scores closer than this are the same
_PRIME = np.uint64(0x9E3779B97F4A7C15)  # of the golden ratio: Knuth's multiplicative hashing


@dataclass(frozen=True, slots=True, kw_only=True)
class Slate:
    """A list, the first seat first.

    Attributes:
        rows: [k] rows of freelancers, none twice.
        propensity: [k] chance that each had of a seat on this list, above 0.
    """

    rows: Ints
    propensity: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a policy is asked, and what the platform knows.

    Attributes:
        post: The job; a policy that is no oracle looks at `post.row` and `post.at` alone.
        pool: How many freelancers joined strictly before the posting; they are rows 0 to pool - 1.
        seats: How long the list is.
        claims: [skills, people] whether the profile lists each skill of `skills()`.
        state: The market strictly before the posting.
        luck: Draws for this post; the same for every policy.
    """

    post: Post
    pool: int
    seats: int
    claims: npt.NDArray[np.bool_]
    state: State
    luck: np.random.Generator


class Policy(Protocol):
    """Fills lists."""

    @property
    def name(self) -> str:
        """What reports call it."""
        ...

    def slate(self, ask: Ask) -> Slate:
        """At most `ask.seats` of the pool; fewer only when the pool is smaller."""
        ...


class Popularity:
    """Those hired most in the job's category of late; ties by a hash of job and person."""

    name = "popularity"

    def slate(self, ask: Ask) -> Slate:
        """The most hired of the pool."""
        return certain(first(_renown(ask), ask))


class Suited:
    """Those who list the skills that the post lists, and have been hired of late.

    What a young platform has before it learns: a filter by skills, and a count.
    """

    name = "suited"

    def slate(self, ask: Ask) -> Slate:
        """The pool by skills shared and hires counted."""
        score = 0.7 * np.log1p(_renown(ask))
        asked = asked_skills(ask.post)
        if len(asked):
            score += 3.0 * ask.claims[asked, : ask.pool].mean(axis=0)
        return certain(first(score, ask))


class Shuffle:
    """Anybody, in any order."""

    name = "shuffle"

    def slate(self, ask: Ask) -> Slate:
        """A uniform draw from the pool."""
        rows = ask.luck.permutation(ask.pool)[: ask.seats]
        return Slate(rows=rows, propensity=np.full(len(rows), len(rows) / max(ask.pool, 1)))


class Nobody:
    """No list at all: clients and freelancers find each other by themselves."""

    name = "nobody"

    def slate(self, ask: Ask) -> Slate:  # noqa: ARG002 - a policy is asked all the same
        """An empty list."""
        return certain(np.zeros(0, np.int64))


@dataclass(frozen=True, slots=True)
class Exploring:
    """Another policy, whose list is now and then a uniform draw from the best of its own order.

    Attributes:
        policy: Gives the order, which must be certain.
        share: Of the lists that are drawn.
        depth: How far down its order they are drawn from.
    """

    policy: Policy
    share: float
    depth: int = 100

    @property
    def name(self) -> str:
        """What reports call it."""
        return f"{self.policy.name}, {self.share:.0%} at random"

    def slate(self, ask: Ask) -> Slate:
        """A list of either kind; propensities say how likely each seat was in all."""
        # Drawn before the policy is asked, so that the same posts are explored whatever it says.
        is_random = bool(ask.luck.random() < self.share)
        depth = max(self.depth, ask.seats)
        luck = ask.luck.random(depth)
        order = self.policy.slate(replace(ask, seats=depth)).rows
        place = np.arange(len(order))
        if is_random:
            place = np.argsort(luck[: len(order)], kind="stable")
        place = place[: ask.seats]
        at_random = self.share * len(place) / max(len(order), 1)
        propensity = at_random + (1.0 - self.share) * (place < ask.seats)
        return Slate(rows=order[place], propensity=np.minimum(propensity, 1.0))


def asked_skills(post: Post) -> Ints:
    """Rows of the skills that a post lists, by whatever spelling."""
    listed = post.row["skills"]
    if not isinstance(listed, tuple):
        return np.zeros(0, np.int64)
    return np.array([_by_spelling()[each] for each in listed], np.int64)


def certain(rows: Ints) -> Slate:
    """A list that could have been no other."""
    return Slate(rows=rows, propensity=np.ones(len(rows)))


def first(score: Floats, ask: Ask) -> Ints:
    """The rows that score best; ties by a hash of the job and the person, so never by luck."""
    salt = np.uint64(zlib.crc32(ask.post.id.encode()))
    mixed = (np.arange(len(score), dtype=np.uint64) * _PRIME + salt) * _PRIME
    noisy = score + _TIE * ((mixed >> np.uint64(32)) / 2.0**32)
    seats = min(ask.seats, len(score))
    best = np.argpartition(-noisy, seats - 1)[:seats] if seats else np.zeros(0, np.int64)
    return best[np.argsort(-noisy[best], kind="stable")].astype(np.int64)


def _renown(ask: Ask) -> Floats:
    """[pool] hires of late in the category that the post names."""
    category = ask.post.row["category"]
    row = None if category is None else list(categories()).index(str(category))
    return ask.state.renown(row, ask.post.at)[: ask.pool]


@lru_cache(maxsize=1)
def _by_spelling() -> dict[str, int]:
    return {
        spelling: row for row, skill in enumerate(skills().values()) for spelling in skill.spellings
    }
