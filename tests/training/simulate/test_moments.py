"""The market is held to what is published about real ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.simulate.moments import SET, TARGETS, Moment, moments
from training.simulate.parameters import Parameters, read_parameters
from training.simulate.recording import simulate

FROZEN = Path("data/runs/market.toml")


@pytest.fixture(scope="module")
def found() -> dict[str, Moment]:
    frozen = read_parameters(FROZEN)
    return {moment.name: moment for moment in moments(simulate(frozen, seed=7), frozen)}


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_every_moment_is_within_its_tolerance(found, name):
    moment = found[name]
    assert moment.is_met, f"{moment.value:.3f} is not {moment.target} ± {moment.tolerance}"


def test_the_frozen_market_leaves_nothing_to_the_defaults():
    frozen = read_parameters(FROZEN)
    assert frozen.model_fields_set == set(Parameters.model_fields)
    for section in ("funnel", "applications", "attention", "hiring", "ratings"):
        part = getattr(frozen, section)
        assert part.model_fields_set == set(type(part).model_fields)


@pytest.mark.parametrize(("freelancers", "jobs"), [(0, 0), (0, 3), (3, 0), (1, 1), (20, 5)])
def test_a_market_too_small_to_tell_is_measured_without_an_error(freelancers, jobs):
    small = Parameters(freelancers=freelancers, jobs=jobs)
    found = moments(simulate(small), small)
    assert [moment.name for moment in found] == list(TARGETS)
    assert not all(moment.is_met for moment in found)


def test_what_is_set_is_said_to_be(market):
    given = Parameters(freelancers=500, jobs=1_200)
    told = {moment.name for moment in moments(market, given) if moment.is_set}
    assert told == SET < set(TARGETS)
