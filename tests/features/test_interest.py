from __future__ import annotations

import numpy as np
import pytest

from features.interest import (
    EXPONENT,
    INTEREST_FEATURES,
    SIZES,
    STRENGTH,
    USUALLY_SHORTLISTED,
    interest_best,
    interest_mean_of_top_5,
    interest_specialism,
    shortlist_rate,
    votes,
)
from matcher.sources import INTEREST_EXPONENT, INTEREST_NEIGHBOURS
from tests.builders import a_brief, a_frame, a_freelancer, a_job, an_event

SAME = 1.0
HALF = 1 / np.sqrt(2)  # the likeness of "go" and "go api"
ALIKE = [a_job(f"j{n}", posted=-400) for n in range(1, 5)]  # each reads exactly like the brief
NEAR = a_job("near", posted=-400, title="go")
OTHER = a_job("other", posted=-400, title="logo")
EVER = votes("interest", size=300, half_life=np.inf)


def frame_of(*events, jobs=(*ALIKE, NEAR, OTHER), title: str = "go api"):
    people = [a_freelancer(f"f{n}") for n in (1, 2, 3)]
    return a_frame(a_brief(title), freelancers=people, jobs=jobs, events=events)


def went(job_id: str = "j1", freelancer_id: str = "f1", *, at: float = -10, kind: str = "applied"):
    return an_event(kind, job_id, freelancer_id, at=at)


@pytest.mark.parametrize("half_life", [30, 60, np.inf])
def test_votes_are_similarity_to_a_power_halved_with_age(half_life):
    frame = frame_of(went(at=-60), went("near", at=-30), went("j2", "f2", at=-90))
    expected = [2 ** (-60 / half_life) + HALF**EXPONENT * 2 ** (-30 / half_life)]
    expected += [2 ** (-90 / half_life), 0]
    vote = votes("interest", size=300, half_life=half_life)(frame)
    assert vote == pytest.approx(expected, rel=1e-4)


def test_the_more_alike_the_jobs_gone_for_the_higher_the_vote():
    alike, near, unlike = EVER(frame_of(went("j1", "f1"), went("near", "f2"), went("other", "f3")))
    assert alike > near > unlike == 0


def test_accepting_an_invitation_counts_as_applying_does_and_both_as_one():
    applied, accepted, both = EVER(
        frame_of(
            went(),
            went("j1", "f2", kind="invite_accepted"),
            went("j1", "f3"),
            went("j1", "f3", kind="invite_accepted"),
        )
    )
    assert applied == accepted == both > 0


def test_how_a_contract_went_says_nothing_of_the_wish():
    frame = frame_of(
        went(at=-60),
        an_event(at=-50),
        an_event("cancelled", at=-40),
        went("j1", "f2", at=-60),
    )
    broken, never_hired, _ = EVER(frame)
    assert broken == never_hired > 0


def test_only_the_nearest_vote():
    crowd = [a_job(f"j{n:02d}", posted=-400) for n in range(SIZES[0] + 2)]
    frame = frame_of(*(went(str(job["job_id"])) for job in crowd), jobs=crowd)
    few = votes("interest", size=SIZES[0], half_life=np.inf)(frame)[0]
    assert few / EVER(frame)[0] == pytest.approx(SIZES[0] / len(crowd))


def test_the_best_is_the_most_similar_job_gone_for_and_unknown_without_any():
    frame = frame_of(went(at=-300), went("near"), went("near", "f2"))
    same, near, newcomer = interest_best(frame)
    assert same == pytest.approx(SAME, abs=1e-6)
    assert near == pytest.approx(HALF, rel=1e-5)
    assert np.isnan(newcomer)


def test_the_nearest_five_are_averaged():
    jobs = [*ALIKE, NEAR, a_job("more", posted=-400, title="go"), OTHER]
    wishes = [went(job) for job in ("j1", "j2", "j3", "near", "more", "other")]
    frame = frame_of(*wishes, went("j1", "f2"), jobs=jobs)
    five, alone, nobody = interest_mean_of_top_5(frame)
    assert five == pytest.approx((3 * SAME + 2 * HALF) / 5, rel=1e-5)
    assert alone == pytest.approx(SAME, abs=1e-6)
    assert np.isnan(nobody)


def test_specialism_is_the_share_of_the_jobs_gone_for_that_resemble_this_one():
    """A half of what f1 went for, nothing of f2's; f3's are as many as are looked at, less one."""
    crowd = [a_job(f"m{n:03d}", posted=-400) for n in range(SIZES[-1] - 1)]
    frame = frame_of(
        went("j1", "f1"),
        went("other", "f1"),
        went("other", "f2"),
        *(went(str(job["job_id"]), "f3") for job in crowd),
        jobs=[*ALIKE, OTHER, *crowd],
    )
    assert interest_specialism(frame).tolist() == [1 / 2, 0, 1]


def test_specialism_is_unknown_of_who_went_for_nothing():
    whole, hired, nothing = interest_specialism(frame_of(went(), an_event(freelancer_id="f2")))
    assert whole == 1
    assert np.isnan([hired, nothing]).all()


def test_one_job_gone_for_in_two_ways_is_one_job_of_a_specialist():
    frame = frame_of(went(at=-9), went(at=-8), went(kind="invite_accepted"))
    assert interest_specialism(frame)[0] == 1


def test_who_went_for_other_jobs_alone_is_not_said_to_have_gone_for_none():
    """Specialism is then 0, which reads like unknown."""
    assert interest_specialism.say(0.0) == "has not gone for similar jobs yet"


def test_nobody_is_told_apart_in_a_market_without_applications():
    frame = frame_of(an_event(), an_event("invited", freelancer_id="f2"))
    for feature in INTEREST_FEATURES:
        values = feature(frame)
        assert not values.any() if feature.unit == "votes" else np.isnan(values).all()


def test_a_feature_votes_as_the_source_does_and_no_further_than_it_looks():
    assert EXPONENT == INTEREST_EXPONENT
    assert max(SIZES) <= INTEREST_NEIGHBOURS


def test_only_the_shortlist_votes_for_a_shortlisted_candidate():
    applied = [an_event("applied", "j1", one) for one in ("f1", "f2")]
    frame = frame_of(*applied, an_event("shortlisted", "j1", "f1"))
    vote = votes("shortlist", size=300, half_life=np.inf)(frame)
    assert vote[0] > 0
    assert vote[1:].tolist() == [0, 0]


def test_the_rate_of_shortlisting_is_shrunk_and_unknown_for_who_wanted_nothing():
    frame = frame_of(
        an_event("applied", "j1", "f1"),
        an_event("shortlisted", "j1", "f1"),
        an_event("applied", "j1", "f2"),
    )
    rate = shortlist_rate(frame)
    assert rate[0] == pytest.approx((1 + USUALLY_SHORTLISTED * STRENGTH) / (1 + STRENGTH))
    assert rate[1] == pytest.approx(USUALLY_SHORTLISTED * STRENGTH / (1 + STRENGTH))
    assert np.isnan(rate[2])


@pytest.mark.parametrize("value", [1e-9, 0.002, 3.0])
def test_a_faint_vote_is_still_told_as_interest(value):
    assert EVER.say(value) == "went for similar jobs"
    assert EVER.say(0.0) == EVER.say(np.nan) == "has not gone for similar jobs yet"
