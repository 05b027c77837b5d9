"""The whole market at once, under the policy that a young platform would have."""

from __future__ import annotations

from collections.abc import Callable

from training.simulate.export import SimulatedMarket
from training.simulate.market import Market
from training.simulate.parameters import Parameters
from training.simulate.policies import Exploring, Policy, Suited


def simulate(
    parameters: Parameters | None = None,
    *,
    seed: int = 7,
    progress: Callable[[int, int], None] | None = None,
) -> SimulatedMarket:
    """A market from its first to its last day; the same arguments give the same market.

    Args:
        parameters: Sizes and behaviour; two years, 1,500 freelancers and 3,000 jobs if None.
        seed: Fixes everything.
        progress: Called with days done and days in all, day by day.

    Raises:
        UsageError: The seed is negative.
    """
    market = Market(parameters, seed=seed)
    policy = policy_of_record(market.parameters)
    while not market.is_over:
        market.step(policy)
        if progress:
            progress(market.day, market.parameters.days)
    return market.export()


def policy_of_record(parameters: Parameters) -> Policy:
    """Skills and hires counted, with a share of the lists drawn from its best hundred."""
    if parameters.exploration == 0:
        return Suited()
    return Exploring(Suited(), parameters.exploration)
