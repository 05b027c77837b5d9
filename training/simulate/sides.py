"""What each side makes of the other: how much a freelancer wants a job, and a client a freelancer.

Both look at the same pairs and weigh them differently. Nothing here is drawn: these are the
utilities, on a log scale, from the state strictly before the posting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from training.simulate.draws import Floats, Ints
from training.simulate.people import People
from training.simulate.places import PLACES
from training.simulate.posts import Post
from training.simulate.state import State

_LANGUAGES: tuple[str, ...] = tuple(
    sorted({"en", *(code for place in PLACES for code in place.languages)})
)
_ZONES = np.array([place.utc_offset_hours for place in PLACES])
_COUNTRIES = tuple(place.country for place in PLACES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """One job beside many freelancers, as both sides may know it.

    Attributes:
        rows: [n] rows of `People`.
        skill: [n] mean mastery of what the work takes, 0..1.
        special: [n] how much it is their kind of work, 0..1.
        dearer: [n] logarithm of the rate asked over the rate offered.
        apart: [n] hours between the working days, 0..12.
        mute: [n] whether they lack the language asked for.
        lacking: [n] share of the hours asked for that they have not free, 0..1.
        gone: [n] whether they no longer look for work.
    """

    rows: Ints
    skill: Floats
    special: Floats
    dearer: Floats
    apart: Floats
    mute: npt.NDArray[np.bool_]
    lacking: Floats
    gone: npt.NDArray[np.bool_]


class Sides:
    """Weighs pairs for one job after another.

    Attributes:
        people: The freelancers, hidden truth included.
        penalty: Country -> what its freelancers lose in a client's liking.
    """

    def __init__(self, people: People, *, penalty: Mapping[str, float]) -> None:
        self.people = people
        self._penalty = np.array([penalty.get(country, 0.0) for country in _COUNTRIES])
        self._speaks = {
            code: np.array([code in spoken for spoken in people.languages], dtype=np.bool_)
            for code in _LANGUAGES
        }

    def pairs(self, post: Post, state: State, rows: Ints) -> Pairs:
        """What there is to weigh."""
        people = self.people
        apart = np.abs(_ZONES[people.place[rows]] - _ZONES[post.client.place])
        free = np.maximum(people.weekly_hours[rows] - state.busy_hours[rows], 0.0)
        speaks = None if post.language is None else self._speaks[post.language][rows]
        return Pairs(
            rows=rows,
            skill=people.strength[np.ix_(post.needs, rows)].mean(axis=0, dtype=np.float64),
            special=people.affinity[post.niche, rows].astype(np.float64),
            dearer=np.log(state.rate[rows] / post.offer),
            apart=np.minimum(apart, 24 - apart),
            mute=np.zeros(len(rows), np.bool_) if speaks is None else ~speaks,
            lacking=1.0 - np.minimum(free / post.weekly_hours, 1.0),
            gone=state.left_at[rows] < post.at,
        )

    def interest(self, pairs: Pairs) -> Floats:
        """[n] how much each wants the job: fit, drive, pay, free hours, the client's day."""
        fit = 1.8 * np.log(0.05 + pairs.skill) + 2.4 * pairs.special
        pay = -0.8 * np.clip(pairs.dearer, -1.0, 2.0)
        drive = 1.1 * self.people.drive[pairs.rows]
        away = 0.05 * pairs.apart + 2.0 * pairs.mute + 1.2 * pairs.lacking + 12.0 * pairs.gone
        return np.asarray(fit + pay + drive - away, dtype=np.float64)

    def acceptance(self, pairs: Pairs) -> Floats:
        """[n] chance that each accepts an invitation; a busy freelancer declines."""
        willing = 1.4 + 0.8 * (pairs.special - 0.5) + 0.4 * self.people.drive[pairs.rows]
        pay = -1.0 * np.clip(pairs.dearer, -1.0, 2.0)
        away = 2.2 * pairs.lacking + 2.0 * pairs.mute + 12.0 * pairs.gone
        return np.asarray(1.0 / (1.0 + np.exp(-(willing + pay - away))), dtype=np.float64)

    def liking(self, post: Post, state: State, pairs: Pairs) -> Floats:
        """[n] a client's utility of each: fit, quality, record, price, closeness, its own past."""
        client, people, rows = post.client, self.people, pairs.rows
        fit = 1.8 * np.log(0.05 + pairs.skill) + 2.2 * pairs.special
        fit += 0.7 * people.industry[client.industry, rows]
        quality = client.quality * people.quality[rows] + 2.0 * (state.stars()[rows] - 4.8)
        record = 0.75 * np.log1p(state.completed[rows])
        record -= 0.6 * np.minimum(state.cancelled[rows], 3)
        price = -client.price * np.where(pairs.dearer > 0, 2.0 * pairs.dearer, 0.2 * pairs.dearer)
        home = client.compatriots * (people.place[rows] == client.place)
        away = client.overlap * np.maximum(pairs.apart - 2, 0) + 3.0 * pairs.mute
        away += 0.6 * pairs.lacking + self._penalty[people.place[rows]]
        liking = np.asarray(fit + quality + record + price + home - away, dtype=np.float64)
        if post.positions > 1:
            liking += 0.5 * np.log1p(state.teamwork[rows])
        for row, satisfaction in state.standing(client.id).items():
            place = int(np.searchsorted(rows, row))
            if place < len(rows) and rows[place] == row:
                liking[place] += client.loyalty * satisfaction
        return liking
