"""One small market that the simulator's tests look at from many sides."""

from __future__ import annotations

import pytest

from training.simulate.market import SimulatedMarket, simulate


@pytest.fixture(scope="session")
def market() -> SimulatedMarket:
    return simulate(freelancers=500, jobs=1_200, seed=11)
