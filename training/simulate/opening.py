"""One job from its posting to the choice: who may come, by which way, and who comes.

Freelancers apply unasked; a client that invites asks people it worked with, people it found by
itself, and people on the list it was shown. All chances are known at the posting, so the true
probability of every hire is, too (`choice.Field`); then the process itself is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from training.simulate.attention import examination, trusted
from training.simulate.choice import Field
from training.simulate.draws import Floats, Ints
from training.simulate.parameters import Parameters
from training.simulate.policies import Slate
from training.simulate.posts import Post
from training.simulate.sides import Sides
from training.simulate.state import State

Mask = npt.NDArray[np.bool_]

_SUPPLY = 20.0  # attraction of the applicants that a job has in a middling market
_LEAST_SUPPLY = 1e-3
_RELISH = 7.0  # log odds of inviting somebody as attractive as nobody, once looked at
_REMEMBERED = 2.5  # a client asks no more than so many of them at once
_SEEING = 0.7  # chance that somebody sees a post in time
_MOST_OF = 0.4  # no more than this share of a trade applies
_SOLVING_STEPS = 6
_HARDLY = 2e-5  # whoever is less likely than this to apply never does


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What came of an opening; all masks over its people.

    Attributes:
        hired: [hires] places of those who were hired, the first to be agreed with first.
        viewed: [seats] whether the client looked at each seat of the list.
        order: [n] places of the people, the closest to being hired first.
    """

    invited: Mask
    accepted: Mask
    applied: Mask
    hired: Ints
    viewed: Mask
    order: Ints


class Opening:
    """A job at its posting, nothing of it drawn yet.

    Attributes:
        rows: [n] rows of `People` who may be concerned at all, ascending.
        slate: The list that the client is shown.
        weight: [n] attraction of each to the client.
        applies: [n] chance of applying unasked, when not invited.
        accepts: [n] chance of accepting an invitation.
        nobody: Attraction of hiring nobody.
        seen: [seats] chance that the client looks at each seat.
    """

    def __init__(
        self,
        post: Post,
        rows: Ints,
        slate: Slate,
        *,
        sides: Sides,
        state: State,
        parameters: Parameters,
    ) -> None:
        self.post, self.rows, self.slate = post, rows, slate
        self._parameters, self._hiring = parameters, parameters.hiring
        pairs = sides.pairs(post, state, rows)
        liking = sides.liking(post, state, pairs)
        self.weight = np.exp(np.clip(liking, -30.0, 30.0))
        self.applies = _applying(sides.interest(pairs), post.crowd)
        self.accepts = sides.acceptance(pairs)
        self.nobody = self._nobody()
        reads = examination(len(slate.rows), parameters.attention)
        self.seen = reads if post.reads_list else np.zeros(len(slate.rows))
        self._ties = state.ties.get(post.client.id, {})
        self._seat = self._seats()

    def p_hire(self) -> Floats:
        """[n] true chance that each ends up hired, given the state and the list."""
        return self._field(self.invited).p_hire()

    def p_hire_without_list(self) -> Floats:
        """[n] the same, had the client not been shown the list: no list speaks for itself here."""
        return self._field(self.unprompted).p_hire()

    @property
    def is_prompted(self) -> bool:
        """Whether the list can bring any invitation."""
        return bool(self.seen.any()) and self.post.is_inviting

    def places(self) -> Ints:
        """[seats] place of each seat's holder among the people; -1 where the work is not theirs."""
        found = np.full(len(self.slate.rows), -1, np.int64)
        places, seats = self._seat
        found[seats] = places
        return found

    @cached_property
    def unprompted(self) -> Floats:
        """[n] chance of being invited without the help of the list."""
        if not self.post.is_inviting or not len(self.rows):
            return np.zeros(len(self.rows))
        found = self._hiring.own_search * _softmax(0.6 * np.log(self.weight))
        chance = 1.0 - np.exp(-found)
        places, again = self._remembered()
        chance[places] = 1.0 - (1.0 - chance[places]) * (1.0 - again)
        return np.asarray(chance, dtype=np.float64)

    @cached_property
    def invited(self) -> Floats:
        """[n] chance of being invited at all."""
        chance = self.unprompted.copy()
        places, seats = self._seat
        prompted = (self.seen * self._liked)[seats]
        chance[places] = 1.0 - (1.0 - chance[places]) * (1.0 - prompted)
        return chance

    def candidate(self) -> Floats:
        """[n] chance of becoming a candidate: applying, or being invited and accepting."""
        return np.asarray(self.invited * self.accepts + (1.0 - self.invited) * self.applies)

    def examination(self) -> Floats:
        """[n] chance that the client looks at each one's seat; 0 where they have none."""
        chance = np.zeros(len(self.rows))
        places, seats = self._seat
        chance[places] = self.seen[seats]
        return chance

    def draw(self, rng: np.random.Generator) -> Course:
        """Let it happen. The same generator draws the same luck for any list."""
        n = len(self.rows)
        luck = rng.random((3, n))
        clock = rng.exponential(size=n)
        last = float(rng.exponential())
        looks, likes = rng.random((2, self._parameters.attention.seats))[:, : len(self.seen)]
        viewed = looks < self.seen
        places, seats = self._seat
        invited = luck[0] < self.unprompted
        invited[places] |= (viewed & (likes < self._liked))[seats]
        accepted = invited & (luck[1] < self.accepts)
        applied = ~invited & (luck[2] < self.applies)
        declined = int((invited & ~accepted).sum())
        rings = np.full(n, np.inf)
        keen = self._hiring.boost * self.weight[accepted]
        rings[accepted] = clock[accepted] / keen
        rings[applied] = clock[applied] / self.weight[applied]
        end = last / (self.nobody * (1.0 + self._hiring.rebuff * declined))
        order = np.argsort(rings, kind="stable")
        hired = order[: self.post.positions]
        return Course(
            invited=invited,
            accepted=accepted,
            applied=applied,
            hired=hired[rings[hired] < end],
            viewed=viewed,
            order=order,
        )

    def cost_of_declining(self, course: Course) -> float | None:
        """What it took off the chance of any hire that the best invited person declined.

        None unless somebody was invited. The other candidates are those that there were.
        """
        asked = np.flatnonzero(course.invited)
        if not len(asked):
            return None
        first = asked[np.argmax(self.weight[asked])]
        boost, rebuff = self._hiring.boost, self._hiring.rebuff
        came = course.applied | course.accepted
        came[first] = False
        declined = int((course.invited & ~course.accepted).sum()) - int(not course.accepted[first])
        others = float((self.weight * np.where(course.invited, boost, 1.0))[came].sum())
        nobody = self.nobody * (1 + rebuff * declined)
        willing = others + boost * float(self.weight[first])
        unwilling = nobody + rebuff * self.nobody
        return willing / (willing + nobody) - others / (others + unwilling)

    def _remembered(self) -> tuple[Ints, Floats]:
        """Places of those the client was happy with, and the chance of asking them again."""
        happy = [(row, felt) for row, felt in self._ties.items() if felt > 0]
        if not happy:
            return np.zeros(0, np.int64), np.zeros(0)
        rows, felt = (np.array(column) for column in zip(*sorted(happy), strict=True))
        chance = 0.9 / (1.0 + np.exp(1.5 - felt))
        chance *= min(1.0, _REMEMBERED / chance.sum())
        place = np.minimum(np.searchsorted(self.rows, rows), len(self.rows) - 1)
        is_there = self.rows[place] == rows
        return place[is_there], chance[is_there]

    @cached_property
    def _liked(self) -> Floats:
        """[seats] chance of an invitation once a seat is looked at; 0 where nobody invites."""
        liked = np.zeros(len(self.slate.rows))
        if not self.post.is_inviting:
            return liked
        places, seats = self._seat
        appeal = np.log(self.weight[places] / self.nobody)
        liked[seats] = 1.0 / (1.0 + np.exp(-(_RELISH + appeal)))
        return trusted(liked, self._parameters.attention)

    def _seats(self) -> tuple[Ints, Ints]:
        """Places in `rows` of those on the list who are there, and their seats."""
        place = np.searchsorted(self.rows, self.slate.rows)
        inside = np.minimum(place, max(len(self.rows) - 1, 0))
        is_there = (
            self.rows[inside] == self.slate.rows
            if len(self.rows)
            else np.zeros(len(place), np.bool_)
        )
        seats = np.flatnonzero(is_there)
        return place[seats], seats

    def _nobody(self) -> float:
        """Clients expect what a market offers, though not in full measure."""
        thin = self._hiring.thinness
        supply = max(float(self.weight @ self.applies), _LEAST_SUPPLY)
        usual = supply ** (1 - thin) * _SUPPLY**thin
        return float(self._hiring.patience * usual * np.exp(-0.8 * self.post.keenness))

    def _field(self, invited: Floats) -> Field:
        return Field(
            weight=self.weight,
            applies=(1.0 - invited) * self.applies,
            comes=invited * self.accepts,
            declines=invited * (1.0 - self.accepts),
            boost=self._hiring.boost,
            nobody=self.nobody,
            rebuff=self._hiring.rebuff,
            seats=self.post.positions,
        )


def _applying(interest: Floats, crowd: float) -> Floats:
    """[n] chance that each applies, such that `crowd` are to be expected in all.

    Everybody misses some posts; where the market is small, most who see it apply.
    """
    if not len(interest) or crowd <= 0:
        return np.zeros(len(interest))
    share = _softmax(interest)
    wanted = min(crowd, _MOST_OF * len(share)) / _SEEING
    scale = wanted
    for _ in range(_SOLVING_STEPS):
        calm = np.exp(-scale * share)
        missing = wanted - float((1.0 - calm).sum())
        scale *= np.exp(np.clip(missing / (scale * float(share @ calm)), -2.0, 2.0))
    chance = _SEEING * (1.0 - np.exp(-scale * share))
    return np.where(chance < _HARDLY, 0.0, chance)


def _softmax(utility: Floats) -> Floats:
    weight = np.exp(utility - utility.max())
    return np.asarray(weight / weight.sum(), dtype=np.float64)
