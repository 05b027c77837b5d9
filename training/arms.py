"""The arms of a trial by name: who fills the lists, and what is mixed into them.

`learned` and the plain policies get the market's share of lists at random; `learned:0.1` gives a
tenth of the seats of every list to people of whom little is known, by the product's own
exploration stage, and gets no list at random; `learned:0` neither.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matcher.errors import UsageError
from matcher.ports import Encoder
from matcher.run import Run
from training.learner import Learned
from training.simulate.market import Market
from training.simulate.omniscience import Oracle
from training.simulate.policies import Exploring, Nobody, Policy, Popularity, Shuffle, Suited
from training.simulate.sides import Sides

POLICIES = ("popularity", "suited", "learned", "shuffle", "nobody", "oracle")
LEARNED = "learned"
UNMIXED = {"shuffle", "nobody"}  # at random anyway, and without any list at all


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """One arm.

    Attributes:
        policy: Of `POLICIES`.
        share: Of the seats that the product explores; None where it is not asked to.
    """

    policy: str
    share: float | None = None

    @property
    def name(self) -> str:
        """What reports call it: the policy, and its share after a colon.

        >>> Arm(policy="learned", share=0.10).name
        'learned:0.1'
        """
        return self.policy if self.share is None else f"{self.policy}:{self.share:g}"

    def fill(self, market: Market, *, run: Run, encoder: Encoder, at_random: float) -> Policy:
        """The policy that fills the lists of a market from now on.

        Args:
            at_random: Share of its lists that are drawn from the best hundred of its order.
        """
        if self.share is not None:
            explored = run.exploration.model_copy(update={"share": self.share})
            run = run.model_copy(update={"exploration": explored})
            return Learned(market, run=run, encoder=encoder, seed=market.seed)
        policy = self._certain(market, run=run, encoder=encoder)
        mixed = at_random > 0 and self.policy not in UNMIXED
        return Exploring(policy, at_random) if mixed else policy

    def _certain(self, market: Market, *, run: Run, encoder: Encoder) -> Policy:
        if self.policy == LEARNED:
            none = run.exploration.model_copy(update={"share": 0.0})
            run = run.model_copy(update={"exploration": none})
            return Learned(market, run=run, encoder=encoder, seed=market.seed)
        if self.policy == "oracle":
            return Oracle(Sides(market.people, penalty=market.parameters.hiring.country_penalty))
        plain: dict[str, Policy] = {
            "popularity": Popularity(),
            "suited": Suited(),
            "shuffle": Shuffle(),
            "nobody": Nobody(),
        }
        return plain[self.policy]


def arms_of(names: Sequence[str]) -> tuple[Arm, ...]:
    """The arms so called, in that order.

    Raises:
        UsageError: A name is unknown or stands twice, a share is none, or there is no name.
    """
    arms = tuple(_arm(name) for name in names)
    if not arms or len(set(arms)) < len(arms):
        raise UsageError(f"found {list(names)}; name at least one policy, and none twice")
    return arms


def _arm(name: str) -> Arm:
    policy, colon, share = name.partition(":")
    if policy not in POLICIES:
        raise UsageError(f"no policy is called {name!r}; choose from {', '.join(POLICIES)}")
    if not colon:
        return Arm(policy=policy)
    if policy != LEARNED:
        raise UsageError(f"found {name!r}; only {LEARNED} explores a share of its seats")
    return Arm(policy=policy, share=_share(share, name))


def _share(written: str, name: str) -> float:
    try:
        share = float(written)
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:
        raise UsageError(f"found {name!r}; give the share as a number from 0 to 1: {LEARNED}:0.1")
    return abs(share)  # -0 is 0
