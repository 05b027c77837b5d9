"""The oracle lists those whom the client would like best, and that is worth something."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tests.training.simulate.market_builders import a_post, a_world, an_ask, an_opening
from training.simulate.omniscience import Oracle


def test_the_first_seat_goes_to_the_most_attractive_of_those_who_would_accept():
    world = a_world()
    opening = an_opening(world, world.posts[0])
    slate = Oracle(world.sides).slate(an_ask(world))
    assert slate.rows.tolist() == np.argsort(-opening.weight * opening.accepts)[:12].tolist()
    assert slate.propensity.tolist() == [1] * 12


def test_whoever_has_not_joined_is_not_listed():
    world = a_world()
    assert sorted(Oracle(world.sides).slate(an_ask(world, pool=5)).rows) == [0, 1, 2, 3, 4]
    assert Oracle(world.sides).slate(an_ask(world, pool=0)).rows.shape == (0,)


def test_its_lists_bring_about_more_hires_than_lists_at_random():
    world, rng = a_world(freelancers=200), np.random.default_rng(0)
    posts = [a_post(world, number) for number in range(40)]
    known = [Oracle(world.sides).slate(replace(an_ask(world), post=post)).rows for post in posts]
    drawn = [rng.permutation(200)[:12] for _ in posts]
    best, random, none = (
        sum(
            an_opening(world, post, *rows).p_hire().sum()
            for post, rows in zip(posts, lists, strict=True)
        )
        for lists in (known, drawn, [()] * len(posts))
    )
    assert best > random
    assert best > none
