from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from features.text import (
    fused_score,
    fused_score_behind,
    prior_share,
    profile_similarity,
    profile_words,
)
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

PEOPLE = [
    a_freelancer("f1", title="go api"),
    a_freelancer("f2", title="go"),
    a_freelancer("f3", title="logo"),
    a_freelancer("f4"),
]


def test_similarity_is_the_cosine_and_unknown_without_a_profile():
    frame = a_frame(a_brief("go api"), freelancers=PEOPLE)
    expected = [1, 1 / sqrt(2), 0, np.nan]
    assert profile_similarity(frame) == pytest.approx(expected, abs=1e-6, nan_ok=True)


def test_words_in_common_are_counted_and_unknown_without_a_profile():
    one, two, none, unknown = profile_words(a_frame(a_brief("go api"), freelancers=PEOPLE))
    assert one > two > none == 0
    assert np.isnan(unknown)


@pytest.mark.parametrize("feature", [profile_similarity, profile_words])
def test_a_job_without_words_is_like_nobody(feature):
    assert np.isnan(feature(a_frame(a_brief(""), freelancers=PEOPLE))).all()


def test_standing_is_measured_from_the_best():
    frame = a_frame(a_brief("go api"), freelancers=PEOPLE)
    fused, behind = fused_score(frame), fused_score_behind(frame)
    found = np.isfinite(fused)
    assert behind[found] == pytest.approx(fused[found] - fused[found].max())
    assert behind[0] == 0
    assert np.isnan(behind[~found]).all()


def test_someone_below_the_cut_stands_below_the_pool():
    engine = an_engine(a_market(freelancers=PEOPLE))
    query = engine.ask(a_brief("go api"), as_of=instant())
    hits = engine.retrieve(query)
    missed = np.setdiff1d(np.flatnonzero(query.eligible), hits.rows)
    fused = fused_score(engine.pairs(query, hits, missed=missed))
    assert len(missed) > 0
    assert fused[len(hits) :].max() <= fused[: len(hits)].min()


def test_activity_is_a_share_of_the_best_on_the_list():
    frame = a_frame(
        freelancers=[a_freelancer(f"f{n}") for n in (1, 2, 3)],
        jobs=[a_job(posted=-300)],
        events=[an_event(at=-9), an_event(freelancer_id="f2", at=-200)],
    )
    best, other, nobody = prior_share(frame)
    assert best == 1 > other > 0
    assert np.isnan(nobody)


def test_activity_is_unknown_where_nobody_is_active():
    assert np.isnan(prior_share(a_frame(freelancers=[a_freelancer("f1")]))).all()
