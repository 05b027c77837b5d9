"""A market in which what somebody offers decides whether a first job comes."""

from __future__ import annotations

import numpy as np

from matcher.marketplace import Marketplace
from tests.builders import ROW, Market, a_freelancer, a_job, a_market, an_event

SPAN = 700


def a_signup_market(
    *, people: int = 600, wanted: float = 0.6, other: float = 0.04, seed: int = 1
) -> Market:
    """Half list a skill that jobs ask for; a share of each half is hired some ten days later.

    People join from 700 days before `NOW` until the day before it; jobs come every other day.
    """
    rng = np.random.default_rng(seed)
    jobs = [
        a_job(f"j{n:03d}", posted=-SPAN + 2 * n, title="go api", skills=["go"], languages=["en"])
        for n in range(SPAN // 2)
    ]
    freelancers, events = [], []
    for n in range(people):
        joined = -SPAN + 0.25 + np.floor((SPAN - 1) * n / people)
        is_wanted = bool(rng.random() < 0.5)
        freelancers.append(
            a_signup(f"f{n:03d}", joined=joined, skill="go" if is_wanted else "cobol")
        )
        at = joined + 2 + float(rng.integers(0, 20))
        if rng.random() < (wanted if is_wanted else other) and at < 0:
            job = f"j{int((at + SPAN) // 2):03d}"
            events.append(an_event("hired", job, f"f{n:03d}", at=at, event_id=f"h{n:03d}"))
    return Market(freelancers=tuple(freelancers), jobs=tuple(jobs), events=tuple(events))


def a_signup(freelancer_id: str, *, joined: float, skill: str = "go", **fields: object) -> ROW:
    about = {"title": f"{skill} person", "overview": f"I write {skill} all day", "skills": [skill]}
    return a_freelancer(freelancer_id, joined=joined, **{**about, **fields})


def nobody() -> Marketplace:
    return a_market(jobs=[a_job()])
