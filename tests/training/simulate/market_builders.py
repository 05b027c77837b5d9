"""Small worlds, posts, lists and contracts that say only what matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from training.simulate.contracts import Contract
from training.simulate.draws import Ints
from training.simulate.export import SimulatedMarket
from training.simulate.market import Fate, Market
from training.simulate.opening import Opening
from training.simulate.parameters import Funnel, Parameters
from training.simulate.people import DAY
from training.simulate.policies import Ask, Policy, Slate, certain
from training.simulate.posts import Post
from training.simulate.vocabulary import skill_rows, skills

LATE = 400 * DAY  # a posting in the middle of the span


def a_world(*, freelancers: int = 60, jobs: int = 40, seed: int = 3, **changed: Any) -> Market:
    """A market on its first day; everybody is a founder unless `changed` says otherwise."""
    given = {"funnel": Funnel(founders=1.0)} | changed
    return Market(Parameters(freelancers=freelancers, jobs=jobs, **given), seed=seed)


def a_post(world: Market, number: int = 0, **changed: Any) -> Post:
    """A post for one, of a client that invites and reads; nobody need speak any language."""
    given = {"is_inviting": True, "reads_list": True, "positions": 1, "language": None, "at": LATE}
    return replace(world.posts[number], **(given | changed))


def a_slate(*rows: int) -> Slate:
    return certain(np.array(rows, np.int64))


def an_opening(world: Market, post: Post, *listed: int, rows: Ints | None = None) -> Opening:
    """The opening of a post to `rows`, everybody if None, beside a list."""
    return Opening(
        post,
        np.arange(len(world.people)) if rows is None else rows,
        a_slate(*listed),
        sides=world.sides,
        state=world.state,
        parameters=world.parameters,
    )


def an_ask(
    world: Market,
    *,
    pool: int | None = None,
    seats: int = 12,
    luck: int = 0,
    claims: Sequence[tuple[str, int]] = (),
    **row: object,
) -> Ask:
    """What a policy is asked about the first post, with other values in its row.

    Args:
        claims: Skills by name, and the rows of freelancers who list them.
    """
    listed = np.zeros((len(skills()), len(world.people)), np.bool_)
    for skill, who in claims:
        listed[skill_rows()[skill], who] = True
    post = world.posts[0]
    return Ask(
        post=replace(post, row={**post.row, **row}),
        claims=listed,
        pool=len(world.people) if pool is None else pool,
        seats=seats,
        state=world.state,
        luck=np.random.default_rng(luck),
    )


def a_contract(**changed: Any) -> Contract:
    """Row 1 works for client c1 from second 10 to second 20, and does well."""
    given: dict[str, Any] = {
        "row": 1,
        "client_id": "c1",
        "category": 0,
        "needs": np.array([0, 1]),
        "started_at": 10,
        "ended_at": 20,
        "weekly_hours": 20.0,
        "is_in_team": False,
        "is_completed": True,
        "paid_usd": 100.0,
        "satisfaction": 2.0,
        "stars": None,
        "raises": 1.0,
    }
    return Contract(**(given | changed))


def run(market: Market, policy: Policy, *, days: int | None = None) -> list[Fate]:
    """So many days, or all that are left; the fates of their posts."""
    left = market.parameters.days - market.day if days is None else days
    return [fate for _ in range(left) for fate in market.step(policy)]


def hires(market: SimulatedMarket) -> pd.DataFrame:
    """The hires beside what their jobs say."""
    hired = market.events[market.events["kind"] == "hired"]
    columns = ["job_id", "posted_at", "positions", "closes_at", "client_id", "payment"]
    return hired.merge(market.jobs[columns], on="job_id")


def pairs(market: SimulatedMarket, kind: str) -> pd.DataFrame:
    """[job_id, freelancer_id, at, value] of the events of one kind."""
    found = market.events[market.events["kind"] == kind]
    return found[["job_id", "freelancer_id", "at", "value"]]


def joined(market: SimulatedMarket) -> pd.Series:
    """Freelancer -> when they joined."""
    return market.freelancers.groupby("freelancer_id")["joined_at"].min()
