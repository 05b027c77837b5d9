"""Whatever is asked of the past is answered from strictly before the instant."""

from __future__ import annotations

from collections import Counter
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.domain import DAY_US, Kind
from matcher.engagements import CANCELLED_WEIGHT
from matcher.history import LARGEST_TEAM, History
from matcher.roster import Freelancers, Jobs
from tests.builders import a_freelancer, a_job, a_market, an_event, day, instant

PEOPLE = ["a", "b", "c"]
MARKET = a_market(
    freelancers=[a_freelancer(who) for who in PEOPLE],
    jobs=[
        a_job("j1", client_id="a", category="web", skills=["go", "sql"]),
        a_job("j2", client_id="x", category="web", skills=["go"]),
        a_job("j3"),
    ],
)
FREELANCERS, JOBS = Freelancers.of(MARKET.freelancers), Jobs.of(MARKET.jobs)
SKILLS = {"j1": {"go", "sql"}, "j2": {"go"}, "j3": set()}
CLIENTS = {"j1": "a", "j2": "x", "j3": None}
events = st.lists(
    st.tuples(
        st.sampled_from(["hired", "hired", "cancelled", "rated_freelancer", "applied"]),
        st.sampled_from(["j1", "j2", "j3"]),
        st.sampled_from(PEOPLE),
        st.integers(-4, 3),
        st.integers(1, 5),
    ),
    max_size=25,
)


def history_of(rows, *, freelancers=FREELANCERS, jobs=JOBS) -> History:
    table = pd.DataFrame(
        {
            "at": pd.Series([day(at) for *_, at, _ in rows], dtype="datetime64[us, UTC]"),
            "kind": pd.Series([kind for kind, *_ in rows], dtype=object),
            "job_id": pd.Series([job for _, job, *_ in rows], dtype=object),
            "freelancer_id": pd.Series([who for _, _, who, *_ in rows], dtype=object),
            "value": pd.Series(
                [stars if kind == "rated_freelancer" else np.nan for kind, *_, stars in rows],
                dtype=np.float64,
            ),
        }
    )
    return History.of(table, freelancers=freelancers, jobs=jobs)


def everyone(history: History, name: str, key: int | None = None) -> np.ndarray:
    rows = np.arange(len(PEOPLE))
    keys = rows if key is None else history.pair(key, rows)
    return history.tally(name).view(keys, np.full(len(rows), instant())).count()


@settings(max_examples=80, deadline=None)
@given(events)
def test_counts_agree_with_a_loop_over_the_events_before(rows):
    history = history_of(rows)
    seen = [(kind, job, who) for kind, job, who, at, _ in rows if at < 0]
    hires = [(job, who) for kind, job, who in seen if kind == "hired"]

    def expected(holds) -> list[int]:
        return [sum(1 for job, its in hires if its == who and holds(job)) for who in PEOPLE]

    for kind in Kind:
        count = Counter(who for its, _, who in seen if its == kind)
        assert everyone(history, f"kind:{kind}").tolist() == [count[who] for who in PEOPLE]
    web = JOBS.categories.code("web")
    assert everyone(history, "in_category", web).tolist() == expected(lambda job: job != "j3")
    for client in ("a", "x"):
        code = JOBS.clients.code(client)
        counted = everyone(history, "with_client", code).tolist()
        assert counted == expected(lambda job, client=client: CLIENTS[job] == client)
    for skill in ("go", "sql"):
        code = JOBS.skill_names.code(skill)
        counted = everyone(history, "in_skill", code).tolist()
        assert counted == expected(lambda job, skill=skill: skill in SKILLS[job])
    together = Counter(
        (one, other)
        for job in CLIENTS
        for one, other in permutations({who for its, who in hires if its == job}, 2)
    )
    for row, one in enumerate(PEOPLE):
        counted = everyone(history, "beside", row).tolist()
        assert counted == [together[one, other] for other in PEOPLE]


@settings(max_examples=80, deadline=None)
@given(events)
def test_an_engagement_is_weighed_by_what_was_known_of_its_outcome(rows):
    engagements = history_of(rows).engagements
    positions, owner = engagements.of_jobs(np.arange(len(JOBS)), as_of=instant())
    weights = engagements.weight(positions, as_of=instant())
    found = {}
    for position, job, weight in zip(positions, owner, weights, strict=True):
        found[JOBS.records[job].job_id, FREELANCERS.ids[engagements.freelancer[position]]] = weight

    def first(kind: str, pair) -> tuple[int, int] | None:
        return min(
            ((at, v) for k, job, who, at, v in rows if (job, who) == pair and k == kind),
            default=None,
        )

    hired = {(job, who) for kind, job, who, at, _ in rows if kind == "hired" and at < 0}
    assert found.keys() == hired
    for pair, weight in found.items():
        cancelled, rated = first("cancelled", pair), first("rated_freelancer", pair)
        expected = (1 + rated[1]) / 6 if rated and rated[0] < 0 else 1.0
        expected *= CANCELLED_WEIGHT if cancelled and cancelled[0] < 0 else 1.0
        assert weight == pytest.approx(expected)
        assert 0 < weight <= 1


@settings(max_examples=50, deadline=None)
@given(events, events)
def test_later_events_change_no_answer(rows, noise):
    before = history_of(rows)
    after = history_of([*rows, *((k, job, who, at + 4, v) for k, job, who, at, v in noise)])
    for name, key in [("kind:hired", None), ("in_category", 0), ("with_client", 0), ("beside", 1)]:
        assert np.array_equal(everyone(before, name, key), everyone(after, name, key))
    known = [
        history.engagements.of_jobs(np.arange(3), as_of=instant()) for history in (before, after)
    ]
    people = [
        (history.engagements.freelancer[positions].tolist(), owner.tolist())
        for history, (positions, owner) in zip((before, after), known, strict=True)
    ]
    assert people[0] == people[1]


def test_a_team_that_grows_too_large_keeps_those_it_began_with():
    crowd = [f"p{n:02d}" for n in range(LARGEST_TEAM + 5)]
    market = a_market(freelancers=[a_freelancer(who) for who in crowd], jobs=[a_job()])
    people, jobs = Freelancers.of(market.freelancers), Jobs.of(market.jobs)

    def beside_the_first(size: int) -> float:
        rows = [("hired", "j1", who, n - 90, 1) for n, who in enumerate(crowd[:size])]
        history = history_of(rows, freelancers=people, jobs=jobs)
        key = history.pair(0, np.array([1]))
        return history.beside.view(key, np.array([instant(-60)])).count()[0]

    assert beside_the_first(2) == beside_the_first(LARGEST_TEAM) == 1
    assert beside_the_first(LARGEST_TEAM + 5) == 1


def test_a_person_who_hires_and_delivers_is_known_as_a_client_too():
    history = history_of([])
    assert history.row_client.tolist() == [JOBS.clients.code("a"), -1, -1]


def test_a_market_without_events_has_an_empty_past():
    history = history_of([])
    assert history.engagements.ends.tolist() == history.interests.ends.tolist() == [0] * 4
    assert history.last_at == instant(-30)
    assert everyone(history, "kind:hired").tolist() == [0, 0, 0]


def test_a_market_without_anything_has_an_empty_past():
    market = a_market()
    history = History.of(
        market.events, freelancers=Freelancers.of(market.freelancers), jobs=Jobs.of(market.jobs)
    )
    assert history.last_at == 0
    assert history.engagements.ends.tolist() == history.interests.ends.tolist() == [0]


def test_the_latest_instant_is_that_of_an_event_or_a_posting():
    assert history_of([("applied", "j1", "a", 3, 1)]).last_at == instant() + 3 * DAY_US


def test_a_repeated_hire_counts_twice_and_is_one_engagement():
    market = a_market(
        freelancers=[a_freelancer()],
        jobs=[a_job()],
        events=[an_event(at=-9), an_event(at=-5)],
    )
    history = History.of(
        market.events, freelancers=Freelancers.of(market.freelancers), jobs=Jobs.of(market.jobs)
    )
    assert history.by_kind[Kind.HIRED].view(np.array([0]), np.array([instant()])).count() == [2]
    assert history.engagements.at.tolist() == [instant(-9)]
