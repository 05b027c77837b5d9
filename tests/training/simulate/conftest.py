"""One simulated market that the simulator's tests look at from many sides."""

from __future__ import annotations

import pytest

from training.simulate.export import SimulatedMarket
from training.simulate.parameters import Parameters
from training.simulate.recording import simulate


@pytest.fixture(scope="session")
def market() -> SimulatedMarket:
    """Two years, 500 freelancers and 1,200 jobs; read it, never change it."""
    return simulate(Parameters(freelancers=500, jobs=1_200), seed=11)
