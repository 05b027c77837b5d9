"""One contract for every feature, on rich, poor and empty lists."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from features import FEATURES
from features.catalog import Catalog
from features.feature import COMPARE, place, share_of_best
from features.interest import SOURCE
from features.memory import EXPONENT
from matcher.candidates import Hits
from matcher.frame import PairFrame
from matcher.ranking.baseline import WEIGHTS
from tests.builders import a_brief, a_freelancer, a_job, a_market, an_engine, frame_of, instant
from tests.contracts.source_contract import BRIEFS, TAMPERINGS, ask, engine_after

EVERY_FEATURE = pytest.mark.parametrize(
    "feature", FEATURES.features, ids=[feature.name for feature in FEATURES.features]
)


@cache
def rich(brief: str = "full") -> PairFrame:
    return frame_of(engine_after(), BRIEFS[brief])


@cache
def of_newcomers() -> PairFrame:
    """Two people of whom nothing is known but that they joined."""
    market = a_market(
        freelancers=[a_freelancer("f1", joined=-1), a_freelancer("f2", joined=-1)],
        jobs=[a_job(client_id="c1", category="web", skills=["go"])],
    )
    job = a_brief(client_id="c1", category="web", skills=("go",), languages=("en",))
    return frame_of(an_engine(market), job)


@cache
def empty() -> PairFrame:
    return frame_of(an_engine(a_market(jobs=[a_job()])), a_brief(skills=("go",)))


@EVERY_FEATURE
@pytest.mark.parametrize("brief", BRIEFS)
def test_every_feature_keeps_its_promises(feature, brief):
    for frame in (rich(brief), of_newcomers(), empty()):
        values = feature(frame)
        finite = values[np.isfinite(values)]
        assert values.shape == (len(frame),)
        assert values.dtype == np.float32
        assert not np.isinf(values).any()
        assert np.all((feature.low <= finite) & (finite <= feature.high))


@EVERY_FEATURE
def test_every_feature_is_documented(feature):
    assert feature.doc.endswith(".")
    assert feature.unit
    assert feature.family
    assert feature.monotone in (-1, 0, 1)
    assert feature.low < feature.high


@EVERY_FEATURE
def test_every_feature_has_words_for_any_value(feature):
    low = feature.low if np.isfinite(feature.low) else -3.0
    high = feature.high if np.isfinite(feature.high) else low + 9
    for value in (low, high, (low + high) / 2):
        said = feature.phrase.format(value=value)
        assert said
        assert "{" not in said
    for value in (0.0, 0.7, np.nan):
        assert FEATURES.phrase(feature.name, value)
        assert "nan" not in FEATURES.phrase(feature.name, value).split()


@EVERY_FEATURE
def test_what_the_documentation_says_of_newcomers_holds(feature):
    values = feature(of_newcomers())
    without = "without any" if feature.family in (*EXPONENT, SOURCE) else "for a newcomer"
    if f"0 {without}" in feature.doc:
        assert values.tolist() == [0, 0]
    if f"NaN {without}" in feature.doc:
        assert np.isnan(values).all()


@EVERY_FEATURE
def test_at_least_one_rich_list_tells_people_apart(feature):
    seen = {value for brief in BRIEFS for value in feature(rich(brief)).tolist()}
    assert len(seen) > 1


def test_there_are_enough_features_and_their_names_are_unique():
    assert len(FEATURES.features) >= 35
    assert len(set(FEATURES.names)) == len(FEATURES.names) == len(FEATURES.monotone())


def test_every_weight_of_the_untrained_ranker_is_a_column():
    assert WEIGHTS.keys() <= set(FEATURES.names)


@pytest.mark.parametrize("brief", BRIEFS)
def test_the_matrix_is_made_column_by_column(brief):
    frame = rich(brief)
    matrix = FEATURES.transform(frame)
    assert (matrix.dtype, matrix.shape) == (np.float32, (len(frame), len(FEATURES.names)))
    column = dict(zip(FEATURES.names, matrix.T, strict=True))
    for feature in FEATURES.features:
        values = feature(frame)
        np.testing.assert_array_equal(column[feature.name], values)
        for how in feature.against:
            np.testing.assert_array_equal(column[f"{feature.name}_{how}"], COMPARE[how](values))


@pytest.mark.parametrize("brief", BRIEFS)
def test_permuting_the_candidates_permutes_the_rows(brief):
    engine = engine_after()
    query = engine.ask(BRIEFS[brief], as_of=instant())
    hits = engine.retrieve(query)
    order = np.random.default_rng(0).permutation(len(hits))
    turned = Hits(
        rows=hits.rows[order],
        scores=hits.scores[order],
        neighbours=hits.neighbours,
        parts=hits.parts,
    )
    one, other = (FEATURES.transform(engine.pairs(query, its)) for its in (hits, turned))
    for name, before, after in zip(FEATURES.names, one[order].T, other.T, strict=True):
        np.testing.assert_array_equal(before, after, err_msg=name)


@pytest.mark.parametrize("brief", BRIEFS)
@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_what_happens_later_changes_no_bit(tampering, brief):
    rows = [
        FEATURES.transform(engine.pairs(query, engine.retrieve(query)))
        for engine in (engine_after(), engine_after(tampering))
        for query in [ask(engine, brief)]
    ]
    for name, before, after in zip(FEATURES.names, rows[0].T, rows[1].T, strict=True):
        np.testing.assert_array_equal(before, after, err_msg=name)


def test_the_fingerprint_tells_names_and_order_apart():
    first, second = FEATURES.features[:2]
    catalogs = [
        Catalog((first, second)),
        Catalog((second, first)),
        Catalog((first,)),
        Catalog((first, replace(second, name="another"))),
    ]
    assert len({catalog.fingerprint for catalog in catalogs}) == len(catalogs)
    assert Catalog((first, second)).fingerprint == catalogs[0].fingerprint


def test_a_comparison_speaks_through_the_feature_it_compares():
    assert FEATURES.plain("hires_share") == FEATURES.plain("hires") == "hires"
    assert FEATURES.family("hires_share") == "activity"
    assert FEATURES.phrase("hires_share", 3) == "3 past hires"


def test_only_the_plain_column_of_a_signed_feature_is_bound_to_its_sign():
    sign = dict(zip(FEATURES.names, FEATURES.monotone(), strict=True))
    assert sign["skill_coverage"] == 1
    assert sign["skill_coverage_share"] == 0
    assert sign["rate_to_budget"] == -1


def test_a_share_of_the_best_is_unknown_where_nobody_has_any():
    nothing = np.array([0, np.nan], np.float32)
    assert np.isnan(share_of_best(nothing)).all()
    assert share_of_best(np.zeros(0, np.float32)).shape == (0,)
    np.testing.assert_array_equal(
        share_of_best(np.array([1, np.nan, 4], np.float32)), [1 / 4, np.nan, 1]
    )


def test_a_place_counts_who_has_more():
    np.testing.assert_array_equal(
        place(np.array([5, np.nan, 7, 5, -1], np.float32)), [1, np.nan, 0, 1, 3]
    )
