from __future__ import annotations

import numpy as np
import pytest

from features.activity import (
    category_hires,
    days_since_hire,
    days_since_hire_behind,
    days_since_joined,
    hires,
    momentum,
    recent_applications,
    recent_hires,
)
from tests.builders import a_brief, a_frame, a_freelancer, a_job, an_event

PEOPLE = [a_freelancer("f1"), a_freelancer("f2", joined=-40), a_freelancer("f3")]


def frame_of(*events, **brief):
    jobs = [a_job("j1", posted=-900, category="web"), a_job("j2", posted=-900)]
    return a_frame(a_brief(**brief), freelancers=PEOPLE, jobs=jobs, events=events)


@pytest.mark.parametrize("half_life", [0.5, 7, 90])
def test_a_hire_halves_with_every_half_life(half_life):
    frame = frame_of(an_event(at=-half_life), an_event(at=-2 * half_life))
    assert recent_hires(half_life)(frame) == pytest.approx([1 / 2 + 1 / 4, 0, 0])


def test_hires_ever_and_the_days_since():
    frame = frame_of(
        an_event(at=-30), an_event(at=-10.5), an_event(freelancer_id="f2", at=-4), an_event(at=0)
    )
    assert hires(frame).tolist() == [2, 1, 0]
    np.testing.assert_array_equal(days_since_hire(frame), [10.5, 4, np.nan])
    np.testing.assert_array_equal(days_since_hire_behind(frame), [10.5 - 4, 0, np.nan])
    assert days_since_joined(frame).tolist() == [365, 40, 365]


def test_nobody_is_behind_in_a_market_without_hires():
    assert np.isnan(days_since_hire_behind(frame_of())).all()


@pytest.mark.parametrize(("half_life", "expected"), [(60, 1 / 2), (np.inf, 1)])
def test_only_work_of_this_category_counts(half_life, expected):
    events = [an_event(at=-60), an_event(job_id="j2", at=-60), an_event("applied", at=-60)]
    feature = category_hires(half_life)
    assert feature(frame_of(*events, category="web")).tolist() == [expected, 0, 0]
    assert feature(frame_of(*events, category="unseen")).tolist() == [0, 0, 0]
    assert np.isnan(feature(frame_of(*events))).all()


def test_momentum_is_above_one_for_who_picks_up_and_below_for_who_slows_down():
    frame = frame_of(an_event(at=-5), an_event(freelancer_id="f2", at=-300))
    rising, falling, newcomer = momentum(frame)
    assert rising == pytest.approx(2 ** (-5 / 30) / 30 / (2 ** (-5 / 365) / 365))
    assert falling < 1 < rising
    assert np.isnan(newcomer)


def test_applications_of_late_count():
    frame = frame_of(an_event("applied", at=-30), an_event("viewed", freelancer_id="f2"))
    assert recent_applications(frame).tolist() == [1 / 2, 0, 0]
