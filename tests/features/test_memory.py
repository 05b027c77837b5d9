from __future__ import annotations

import numpy as np
import pytest

from features import FEATURES
from features.memory import EXPONENT, SIZES, best, mean_of_top, specialism, votes
from matcher.engagements import CANCELLED_WEIGHT
from tests.builders import a_brief, a_frame, a_freelancer, a_job, an_event

SAME = 1.0
SOURCES = pytest.mark.parametrize("source", ["memory", "lexical"])
ALIKE = [a_job(f"j{n}", posted=-400) for n in range(1, 5)]  # each reads exactly like the brief
OTHER = a_job("other", posted=-400, title="logo")


def frame_of_hires(*events, jobs=(*ALIKE, OTHER)):
    people = [a_freelancer(f"f{n}") for n in (1, 2, 3)]
    return a_frame(a_brief("go api"), freelancers=people, jobs=jobs, events=events)


def similarity(frame, source: str) -> float:
    return float(frame.evidence[source].similarity.max())


@SOURCES
@pytest.mark.parametrize("half_life", [60, 365, np.inf])
def test_votes_are_similarity_to_a_power_halved_with_age(source, half_life):
    frame = frame_of_hires(
        an_event(at=-60), an_event(job_id="j2", at=-30), an_event(freelancer_id="f2", at=-90)
    )
    near = similarity(frame, source) ** EXPONENT[source]
    decayed = [[60, 30], [90], []]
    expected = [near * sum(2 ** (-age / half_life) for age in ages) for ages in decayed]
    vote = votes(source, size=1000, half_life=half_life)(frame)
    assert vote == pytest.approx(expected, rel=1e-4)


@SOURCES
def test_a_contract_broken_off_votes_less(source):
    frame = frame_of_hires(
        an_event(at=-60), an_event("cancelled", at=-50), an_event(freelancer_id="f2", at=-60)
    )
    broken, kept, _ = votes(source, size=1000, half_life=np.inf)(frame)
    assert broken == pytest.approx(CANCELLED_WEIGHT * kept)


@SOURCES
def test_only_the_nearest_vote(source):
    crowd = [a_job(f"j{n:02d}", posted=-400) for n in range(SIZES[0] + 2)]
    events = [an_event(job_id=job["job_id"], at=-60) for job in crowd]
    frame = frame_of_hires(*events, jobs=crowd)
    few = votes(source, size=SIZES[0], half_life=np.inf)(frame)[0]
    all_of_them = votes(source, size=1000, half_life=np.inf)(frame)[0]
    assert few / all_of_them == pytest.approx(SIZES[0] / len(crowd))


@SOURCES
def test_the_best_is_the_most_similar_job_and_unknown_without_any(source):
    frame = frame_of_hires(an_event(at=-60), an_event(job_id="other", freelancer_id="f2"))
    found, unlike, newcomer = best(source)(frame)
    assert found == pytest.approx(similarity(frame, source))
    assert np.isnan(newcomer)
    assert np.isnan(unlike) or unlike == 0
    assert best(source, half_life=30.0)(frame)[0] == pytest.approx(found * 2 ** (-60 / 30))


def test_a_job_that_reads_the_same_is_as_similar_as_can_be():
    assert best("memory")(frame_of_hires(an_event()))[0] == pytest.approx(SAME, abs=1e-6)


def test_the_nearest_three_are_averaged():
    jobs = [*ALIKE, a_job("j5", posted=-400, title="go")]
    hires = [an_event(job_id=f"j{n}") for n in (1, 2, 5)]
    frame = frame_of_hires(*hires, an_event(job_id="j1", freelancer_id="f2"), jobs=jobs)
    three, alone, nobody = mean_of_top("memory")(frame)
    assert three == pytest.approx((1 + 1 + 1 / np.sqrt(2)) / 3, rel=1e-5)
    assert alone == pytest.approx(SAME, abs=1e-6)
    assert np.isnan(nobody)


def test_specialism_is_the_share_of_hires_that_resembled_this_job():
    frame = frame_of_hires(
        an_event(), an_event(job_id="other"), an_event(job_id="j2", freelancer_id="f2")
    )
    half, whole, unknown = specialism("lexical")(frame)
    assert (half, whole) == (1 / 2, 1)
    assert np.isnan(unknown)


def test_a_repeated_hire_does_not_make_a_specialist_of_more_than_one():
    frame = frame_of_hires(an_event(at=-9), an_event(at=-8), an_event("applied"))
    assert specialism("lexical")(frame)[0] <= 1


def test_nobody_has_a_vote_in_a_market_without_hires():
    frame = frame_of_hires()
    for feature in FEATURES.features:
        if feature.family in EXPONENT and "votes" in feature.name:
            assert not feature(frame).any()
