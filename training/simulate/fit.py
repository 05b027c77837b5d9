"""How likely a job's client and a freelancer are to end in a hire, given the state at posting.

A client hires with the chance of its own intent, dampened where nobody suits. Whom it hires is a
softmax over the pool: the speciality and the skills first, then people it was happy with before,
quality, price, free hours, time zone, language and reputation.

Source: McFadden, in Zarembka (ed.), Frontiers in Econometrics, 1974 (the conditional logit).
"""

from __future__ import annotations

import numpy as np

from training.simulate.draws import Floats
from training.simulate.people import People
from training.simulate.places import PLACES
from training.simulate.posts import Post
from training.simulate.state import State

NEGLIGIBLE = 1e-6  # pairs less likely than this are left out of the truth

_LANGUAGES: tuple[str, ...] = tuple(
    sorted({"en", *(code for place in PLACES for code in place.languages)})
)
_NOBODY_SUITS = 20.0  # total attraction at which intent is halved


class Attraction:
    """Weighs freelancers against each other for one job after another.

    Attributes:
        people: The freelancers, hidden truth included.
    """

    def __init__(self, people: People) -> None:
        self.people = people
        offsets = np.array([place.utc_offset_hours for place in PLACES])
        self._offset = offsets[people.place]  # [n] hours
        self._speaks = {
            code: np.array([code in spoken for spoken in people.languages], dtype=np.bool_)
            for code in _LANGUAGES
        }
        self._appeal = 0.7 * people.drive  # [n]

    def hire_probability(self, post: Post, state: State) -> Floats:
        """[pool] chance that each freelancer in the pool is hired for this job.

        The pool is everybody who joined strictly before the posting. With one position the sum
        is the chance of any hire; with more, it is the expected number of hires.
        """
        utility = self.utility(post, state)
        if not len(utility):
            return utility
        top = float(utility.max())
        weight = np.exp(utility - top)
        attraction = float(np.exp(min(top, 50.0)) * weight.sum())
        any_hire = post.intent * attraction / (attraction + _NOBODY_SUITS)
        first = any_hire * weight / weight.sum()
        return np.asarray(1.0 - (1.0 - first) ** post.positions, dtype=np.float64)

    def utility(self, post: Post, state: State) -> Floats:
        """[pool] log attraction of each freelancer in the pool."""
        pool = self.people.pool_size(post.at)
        utility = self._suitability(post, pool)
        utility += post.client.quality * self.people.quality[:pool]
        utility += self._terms(post, state, pool)
        utility += _standing(post, state, pool)
        utility -= _strain(post, state, self.people, pool)
        return utility

    def _suitability(self, post: Post, pool: int) -> Floats:
        """[pool] the speciality, the skills and the industry."""
        people = self.people
        skill = people.strength[post.needs, :pool].mean(axis=0)
        known = 2.6 * np.log(0.02 + skill)
        speciality = 4.5 * people.affinity[post.niche, :pool]
        industry = 0.9 * people.industry[post.client.industry, :pool]
        return np.asarray(2.5 + known + speciality + industry, dtype=np.float64)

    def _terms(self, post: Post, state: State, pool: int) -> Floats:
        """[pool] price, time zone, country and language."""
        client, people = post.client, self.people
        dearer = np.log(state.rate[:pool] / post.offer)
        price = -client.price * np.where(dearer > 0, 2.0 * dearer, -0.2 * dearer)
        apart = np.abs(self._offset[:pool] - PLACES[client.place].utc_offset_hours)
        zone = -client.overlap * np.maximum(np.minimum(apart, 24 - apart) - 2, 0)
        home = client.compatriots * (people.place[:pool] == client.place)
        mute = 0.0 if post.language is None else 3.0 * (1.0 - self._speaks[post.language][:pool])
        return np.asarray(price + zone + home - mute + self._appeal[:pool], dtype=np.float64)


def _standing(post: Post, state: State, pool: int) -> Floats:
    """[pool] public record, and what this client has seen with its own eyes."""
    standing = 0.3 * np.log1p(state.completed[:pool])
    standing -= 0.5 * np.minimum(state.cancelled[:pool], 3)
    for row, satisfaction in state.ties[post.client.id].items():
        standing[row] += post.client.loyalty * satisfaction
    return np.asarray(standing, dtype=np.float64)


def _strain(post: Post, state: State, people: People, pool: int) -> Floats:
    """[pool] what keeps somebody away: too few free hours, or no interest any more."""
    free = np.maximum(people.weekly_hours[:pool] - state.busy_hours[:pool], 0.0)
    lacking = 1.0 - np.minimum(free / post.weekly_hours, 1.0)
    gone = people.left_at[:pool] < post.at
    return np.asarray(3.0 * lacking + 8.0 * gone, dtype=np.float64)
