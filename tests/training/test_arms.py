"""Arms are called by what fills the lists, and by the share that is explored."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.errors import UsageError
from tests.fakes import FakeEncoder
from tests.small_market import a_run
from training.arms import POLICIES, arms_of
from training.learner import Learned
from training.simulate.market import Market
from training.simulate.parameters import Parameters
from training.simulate.policies import Exploring, Policy


def filled(name: str, *, at_random: float = 0.1, run: object = None) -> Policy:
    market = Market(Parameters(freelancers=9, jobs=3, days=20), seed=4)
    (arm,) = arms_of([name])
    return arm.fill(market, run=run or a_run(), encoder=FakeEncoder(), at_random=at_random)


def test_a_name_comes_back_as_it_was_given():
    assert [arm.name for arm in arms_of(POLICIES)] == list(POLICIES)
    shares = ["learned:0", "learned:0.05", "learned:1"]
    assert [arm.name for arm in arms_of(shares)] == shares


def test_a_share_takes_the_place_of_lists_at_random():
    explored = filled("learned:0.25")
    assert isinstance(explored, Learned)
    assert explored.run.exploration.share == 0.25
    assert explored.seed == 4
    assert isinstance(filled("learned:0"), Learned)


def test_a_policy_without_a_share_is_mixed_with_lists_at_random_and_explores_no_seat():
    mixed = filled("learned", run=a_run(exploration={"share": 0.5}))
    assert isinstance(mixed, Exploring)
    assert mixed.share == 0.1
    assert isinstance(mixed.policy, Learned)
    assert mixed.policy.run.exploration.share == 0
    assert not isinstance(filled("learned", at_random=0.0), Exploring)
    assert not isinstance(filled("shuffle"), Exploring)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["magic"], "no policy is called 'magic'"),
        (["magic:0.1"], "choose from popularity"),
        (["popularity:0.1"], "only learned explores"),
        (["learned:"], "a number from 0 to 1"),
        (["learned:much"], "a number from 0 to 1"),
        (["learned:1.5"], "a number from 0 to 1"),
        (["learned:-0.1"], "a number from 0 to 1"),
        (["learned:nan"], "a number from 0 to 1"),
        (["learned:0.1", "learned:0.10"], "none twice"),
        (["learned:0", "learned:-0"], "none twice"),
        (["nobody", "nobody"], "none twice"),
        ([], "at least one policy"),
    ],
)
def test_what_is_no_arm_is_refused(names, said):
    with pytest.raises(UsageError, match=said):
        arms_of(names)


def test_shares_that_differ_are_different_arms():
    names = [arm.name for arm in arms_of(["learned", "learned:0", "learned:0.1"])]
    assert len(set(names)) == len(np.unique(names)) == 3
