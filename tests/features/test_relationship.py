from __future__ import annotations

import numpy as np
import pytest

from features import FEATURES
from features.relationship import (
    LEADERS,
    client_hires,
    days_since_client_hire,
    hires_returned,
    is_client,
    jobs_beside_client,
    jobs_beside_leaders,
)
from matcher.candidates import Hits
from tests.builders import (
    a_brief,
    a_frame,
    a_freelancer,
    a_job,
    a_market,
    an_engine,
    an_event,
    instant,
)
from tests.builders import (
    frame_of as framed,
)

PEOPLE = [a_freelancer("f1"), a_freelancer("f2"), a_freelancer("f3")]
JOBS = [
    a_job("j1", posted=-900, client_id="acme"),
    a_job("j2", posted=-900, client_id="f1"),
    a_job("j3", posted=-900),
]


def frame_of(*events, freelancers=PEOPLE, **brief):
    return a_frame(a_brief(**brief), freelancers=freelancers, jobs=JOBS, events=events)


@pytest.mark.parametrize(("half_life", "expected"), [(60, 1 / 2 + 1 / 4), (np.inf, 2)])
def test_hires_by_this_client_count(half_life, expected):
    events = [an_event(at=-60), an_event(at=-120), an_event(job_id="j3", at=-60)]
    feature = client_hires(half_life)
    assert feature(frame_of(*events, client_id="acme")).tolist() == [expected, 0, 0]
    assert feature(frame_of(*events, client_id="unseen")).tolist() == [0, 0, 0]
    assert np.isnan(feature(frame_of(*events))).all()


def test_days_since_this_client_last_hired():
    events = [an_event(at=-60), an_event(at=-20), an_event(job_id="j3", at=-5)]
    seen = days_since_client_hire(frame_of(*events, client_id="acme"))
    np.testing.assert_array_equal(seen, [20, np.nan, np.nan])
    assert np.isnan(days_since_client_hire(frame_of(*events, client_id="unseen"))).all()


def test_a_hire_may_be_returned():
    """f1 hired f2; now f2 posts, and f1 is a candidate."""
    events = [an_event(job_id="j2", freelancer_id="f2", at=-365)]
    assert hires_returned(frame_of(*events, client_id="f2")).tolist() == [1 / 2, 0, 0]
    assert np.isnan(hires_returned(frame_of(*events, client_id="acme"))).all()


def test_people_who_delivered_beside_the_client_are_known_to_them():
    together = [
        an_event(job_id="j3", freelancer_id=f"f{n}", at=at) for n, at in [(1, -400), (3, -365)]
    ]
    frame = frame_of(*together, client_id="f3")
    assert jobs_beside_client(frame) == pytest.approx([1 / 2, 0, 0])
    assert np.isnan(jobs_beside_client(frame_of(*together, client_id="acme"))).all()


@pytest.mark.parametrize("feature", [hires_returned, jobs_beside_client])
def test_a_client_who_will_freelance_only_later_is_not_yet_a_freelancer(feature):
    later = [*PEOPLE, a_freelancer("acme", joined=0)]
    assert np.isnan(feature(frame_of(freelancers=later, client_id="acme"))).all()


def test_the_client_in_person_is_marked():
    assert is_client(frame_of(client_id="f2")).tolist() == [0, 1, 0]
    assert is_client(frame_of(client_id="acme")).tolist() == [0, 0, 0]
    assert np.isnan(is_client(frame_of())).all()


def test_working_with_the_likeliest_counts():
    events = [
        *(an_event(job_id="j3", freelancer_id=f"f{n}", at=-365) for n in (1, 2)),
        an_event(job_id="j1", freelancer_id="f3", at=-3),
    ]
    assert jobs_beside_leaders(frame_of(*events)) == pytest.approx([1 / 2, 1 / 2, 0])


def test_who_leads_among_equals_does_not_depend_on_the_order_of_the_list():
    people = [a_freelancer(f"f{n}") for n in range(LEADERS + 2)]
    team = [an_event(job_id="j3", freelancer_id=one["freelancer_id"]) for one in people[-2:]]
    engine = an_engine(a_market(freelancers=people, jobs=JOBS, events=team))
    query = engine.ask(a_brief(), as_of=instant())
    rows = np.arange(len(people))

    def beside(order: np.ndarray) -> list[float]:
        hits = engine.retrieve(query)
        level = Hits(
            rows=order,
            scores=np.zeros(len(order), np.float32),
            neighbours=hits.neighbours,
            parts=hits.parts,
        )
        return jobs_beside_leaders(engine.pairs(query, level)).tolist()

    assert beside(rows) == [0.0] * len(people)
    assert beside(rows[::-1]) == [0.0] * len(people)


def test_how_it_went_with_this_client_counts_and_with_others_does_not():
    def ended(kind: str, job: str, who: str, **fields: object) -> list[dict[str, object]]:
        return [an_event("hired", job, who, at=-9), an_event(kind, job, who, at=-5, **fields)]

    market = a_market(
        freelancers=[a_freelancer(f"f{n}") for n in range(1, 5)],
        jobs=[
            a_job("j1", client_id="c1"),
            a_job("j2", client_id="c1"),
            a_job("j3", client_id="c2"),
        ],
        events=[
            *ended("completed", "j1", "f1"),
            *ended("cancelled", "j2", "f1"),
            *ended("cancelled", "j1", "f2"),
            *ended("completed", "j3", "f3"),
            an_event("rated_private", "j1", "f1", at=-4, value=8.0),
            an_event("rated_freelancer", "j1", "f1", at=-4, value=4.0),
            an_event("rated_private", "j3", "f3", at=-4, value=2.0),
        ],
    )
    frame = framed(an_engine(market), a_brief(client_id="c1"))
    of = {name: FEATURES.names.index(name) for name in FEATURES.names}
    matrix = FEATURES.transform(frame)[np.argsort(frame.rows)]
    ending, private, stars = (
        matrix[:, of[name]] for name in ("client_ending", "client_private", "client_stars")
    )
    np.testing.assert_array_equal(ending, [0.5, 0.0, np.nan, np.nan])
    np.testing.assert_allclose(private, [0.8, np.nan, np.nan, np.nan], rtol=1e-6)
    np.testing.assert_allclose(stars, [0.75, np.nan, np.nan, np.nan])


def test_how_it_went_is_unknown_where_the_client_is():
    frame = framed(an_engine(a_market(freelancers=[a_freelancer()])), a_brief())
    matrix = FEATURES.transform(frame)
    assert np.isnan(matrix[:, FEATURES.names.index("client_ending")]).all()
