"""Everybody who signs up: most never complete a profile, or fall short in the review.

Those who pass compete; they are the freelancers of the market. The others are known by what they
filled in, so that a screen can be judged by who came through.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from training.simulate.draws import Floats, Ints, shares
from training.simulate.frames import instants
from training.simulate.niches import category_of_niche
from training.simulate.parameters import Parameters
from training.simulate.people import DAY, People
from training.simulate.places import PLACES
from training.simulate.vocabulary import categories

_COMPLETES = 0.45  # share of those who fall short that complete a profile at least
_HASTE_DAYS = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Signups:
    """Sign-ups as columns, in order of time; seconds since the market's start, -1 for never.

    Attributes:
        signed_up_at: [n].
        completed_at: [n] when the profile was complete.
        admitted_at: [n] when the review was passed; then the freelancer joined.
        row: [n] row of `People`, or -1.
        place: [n] row of `PLACES`.
        category: [n] row of `categories()`, as claimed.
        skills: [n] how many skills were listed on signing up.
        years: [n] of experience, as claimed.
        test: [n] score in the platform's test of skills, 0..100; NaN where none was taken.
    """

    signed_up_at: Ints
    completed_at: Ints
    admitted_at: Ints
    row: Ints
    place: Ints
    category: Ints
    skills: Ints
    years: Floats
    test: Floats

    def frame(self, people: People, *, before: int) -> pd.DataFrame:
        """The table as of an instant: later steps are not in it yet."""
        known = np.flatnonzero(self.signed_up_at < before)
        admitted = (self.admitted_at[known] >= 0) & (self.admitted_at[known] < before)
        width = max(5, len(str(len(self.signed_up_at))))
        names = list(categories())
        row = self.row[known]
        ids = np.array([*people.ids, None], dtype=object)
        return pd.DataFrame(
            {
                "signup_id": pd.Series([f"s{i + 1:0{width}d}" for i in known], dtype="str"),
                "signed_up_at": instants(self.signed_up_at[known]),
                "completed_at": _since(self.completed_at[known], before),
                "admitted_at": _since(self.admitted_at[known], before),
                "freelancer_id": pd.Series(ids[np.where(admitted, row, -1)], dtype="str"),
                "country": pd.Series([PLACES[i].country for i in self.place[known]], dtype="str"),
                "category": pd.Series([names[i] for i in self.category[known]], dtype="str"),
                "skills": self.skills[known],
                "years": self.years[known],
                "test_score": self.test[known],
            }
        )


def draw_signups(people: People, parameters: Parameters, rng: np.random.Generator) -> Signups:
    """Those who came to compete, hidden among the many who did not."""
    own = len(people)
    total = round(own / parameters.funnel.competing)
    span, rest = parameters.days * DAY, total - own
    haste = (rng.exponential(_HASTE_DAYS, own) * DAY).astype(np.int64)
    haste = np.minimum(haste, people.joined_at)
    early = rng.random(rest) < parameters.funnel.founders
    later = np.where(early, rng.integers(0, DAY, rest), rng.integers(DAY, max(span, DAY + 1), rest))
    signed_up_at = np.concatenate([people.joined_at - haste, later])
    completes = rng.random(rest) < _COMPLETES
    completed = later + (rng.exponential(_HASTE_DAYS, rest) * DAY).astype(np.int64)
    half = people.joined_at - haste // 2
    weights = shares([place.supply for place in PLACES])
    skills, years, test = _claims(people, completes, rng)
    order = np.argsort(signed_up_at, kind="stable")
    never = np.full(rest, -1, np.int64)
    return Signups(
        signed_up_at=np.maximum(signed_up_at, 0)[order],
        completed_at=np.concatenate([half, np.where(completes, completed, -1)])[order],
        admitted_at=np.concatenate([people.joined_at, never])[order],
        row=np.concatenate([np.arange(own), never])[order],
        place=np.concatenate([people.place, rng.choice(len(PLACES), size=rest, p=weights)])[order],
        category=np.concatenate(
            [category_of_niche()[people.niche], rng.integers(len(categories()), size=rest)]
        )[order],
        skills=skills[order],
        years=years[order],
        test=test[order],
    )


def _claims(
    people: People, completes: npt.NDArray[np.bool_], rng: np.random.Generator
) -> tuple[Ints, Floats, Floats]:
    """Skills listed, years claimed, test score: better on average for those who came through."""
    own, rest = len(people), len(completes)
    merit = np.concatenate([0.5 * people.quality + 0.9, rng.standard_normal(rest) - 0.3])
    effort = np.concatenate([0.5 * people.drive + 0.8, np.where(completes, 0.3, -1.0)])
    skills = rng.poisson(np.exp(1.2 + 0.35 * effort))
    years = np.round(rng.gamma(2.0, np.exp(0.8 + 0.2 * merit)), 0)
    took = rng.random(own + rest) < 1 / (1 + np.exp(-effort))
    score = np.clip(np.round(58 + 14 * merit + 9 * rng.standard_normal(own + rest)), 0, 100)
    return skills.astype(np.int64), years, np.where(took, score, np.nan)


def _since(at: Ints, before: int) -> pd.Series:
    return instants([None if each < 0 or each >= before else int(each) for each in at])
