"""BM25 by its formula, with frozen statistics."""

from __future__ import annotations

from collections import Counter
from math import log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.retrieval.lexical import LENGTH_WEIGHT, SATURATION, Bm25Index, TermStatistics
from matcher.retrieval.lexicon import Lexicon

TEXTS = ["zebra zebra apple", "apple banana", "apple cherry zebra kiwi", "apple", ""]
words = st.lists(st.sampled_from(["zebra", "apple", "banana", "kiwi", "fig"]), max_size=7)


def idf(texts: list[str], term: str) -> float:
    counted = [text for text in texts if text]
    seen = sum(term in text.split() for text in counted)
    return log(1 + (len(counted) - seen + 0.5) / (seen + 0.5))


def bm25(query: list[str], text: str, learned: list[str]) -> float:
    """Robertson & Zaragoza, as a share of what no repetition of the query can exceed."""
    counted = [one.split() for one in learned if one]
    mean = sum(map(len, counted)) / len(counted) if counted else 1
    found = Counter(text.split())
    norm = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * len(text.split()) / mean)
    total = sum(
        idf(learned, term) * found[term] * (SATURATION + 1) / (found[term] + norm)
        for term in query
        if found[term]
    )
    return total / ((SATURATION + 1) * sum(idf(learned, term) for term in query))


@settings(max_examples=120, deadline=None)
@given(st.lists(words, max_size=6), st.lists(words, max_size=4), words.filter(bool))
def test_scores_are_those_of_the_formula(learned, texts, query):
    learned, texts = [" ".join(one) for one in learned], [" ".join(one) for one in texts]
    index = Bm25Index(texts, statistics=TermStatistics.of(learned))
    terms = sorted(set(query))
    scores = index.scores(terms)
    assert scores == pytest.approx([bm25(terms, text, learned) for text in texts], rel=1e-5)
    assert scores.dtype == np.float32


def index_of(texts=TEXTS, learned=TEXTS) -> Lexicon:
    return Lexicon(texts, statistics=TermStatistics.of(learned))


@pytest.mark.parametrize("term", ["zebra", "apple", "banana", "unseen"])
def test_rare_words_weigh_more_and_an_unseen_one_the_most(term):
    statistics = TermStatistics.of(TEXTS)
    assert statistics.idf(term) == pytest.approx(idf(TEXTS, term))
    assert 0 < statistics.idf("apple") <= statistics.idf(term) <= statistics.idf("unseen")


def test_saying_it_again_helps_less_and_less_and_never_beyond_one():
    scores = index_of(["a " * n for n in (1, 2, 3, 5000)], ["a", "b"]).scores(["a"])
    gains = np.diff(scores)
    assert (gains >= 0).all()
    assert gains[0] > gains[1]
    assert scores.max() <= 1
    assert scores[0] == pytest.approx(1 / (1 + SATURATION))


def test_texts_that_come_later_are_weighed_with_what_was_learned():
    statistics = TermStatistics.of(TEXTS)
    short, grown = (
        Bm25Index([*TEXTS, *more], statistics=statistics)
        for more in ([], ["zebra " * 90, "quince apple"])
    )
    query = ["apple", "quince", "zebra"]
    assert grown.scores(query, stop=len(TEXTS)).tobytes() == short.scores(query).tobytes()


def test_a_prefix_sees_only_the_first_texts():
    index = index_of()
    whole = index.scores(["zebra"])
    for stop in range(len(TEXTS) + 1):
        assert index.scores(["zebra"], stop=stop).tobytes() == whole[:stop].tobytes()
    assert index.before(["zebra"], k=9, stop=1)[0].tolist() == [0]


def test_a_word_that_nobody_uses_finds_nothing():
    assert not index_of().scores(["unseen"]).any()
    assert len(index_of().before(["unseen"], k=3, stop=5)[0]) == 0
    assert not index_of().scores([]).any()


def test_the_best_come_first_and_ties_by_position():
    index = index_of(["b", "a", "a x", "a", "a"])
    rows, scores = index.before(["a"], k=3, stop=5)
    assert rows.tolist() == [1, 3, 4]
    assert (np.diff(scores) <= 0).all()
    assert index.before(["a"], k=2, stop=5)[0].tolist() == [1, 3]


def test_only_those_among_the_allowed_are_found():
    mask = np.array([True, False, False, True, True])
    assert index_of(["a", "a", "a", "b", "a"]).among(["a"], k=9, mask=mask)[0].tolist() == [0, 4]


@pytest.mark.parametrize("texts", [[], [""], ["", " ... "]])
def test_texts_without_words_are_no_error(texts):
    index = index_of(texts, texts)
    assert len(index) == len(texts)
    assert index.scores(["a"]).tolist() == [0] * len(texts)
    assert len(index.before(["a"], k=3, stop=len(texts))[0]) == 0


def test_statistics_do_not_count_empty_texts():
    statistics = TermStatistics.of(["", "a b", "a"])
    assert statistics.texts == 2
    assert statistics.mean_length == 3 / 2
    assert statistics.frequency == {"a": 2, "b": 1}
    assert list(statistics.frequency) == sorted(statistics.frequency)


def test_texts_are_as_like_each_other_as_their_words_say():
    index = index_of()
    asking, others = np.array([1, 4, 2]), np.array([0, 2, 3, 4])
    owner, place, share = index.likeness(asking, others)
    found = np.zeros((len(asking), len(others)), np.float32)
    found[owner, place] = share
    for row, text in enumerate(asking):
        words = sorted(set(TEXTS[text].split()))
        expected = index.scores(words)[others] if words else np.zeros(len(others))
        assert found[row] == pytest.approx(expected)
    assert not found[1].any(), "an empty text is like none"


def test_later_texts_change_no_bit_of_how_earlier_ones_are_alike():
    statistics = TermStatistics.of(TEXTS)
    few = Lexicon(TEXTS, statistics=statistics)
    many = Lexicon([*TEXTS, "aardvark apple kiwi", "zebra yak"], statistics=statistics)
    rows = np.arange(len(TEXTS))
    for one, other in zip(few.likeness(rows, rows), many.likeness(rows, rows), strict=True):
        np.testing.assert_array_equal(one, other)


some_texts = st.lists(words.map(" ".join), max_size=5)


@settings(max_examples=120, deadline=None)
@given(some_texts, st.lists(some_texts, min_size=1, max_size=5), words.filter(bool), st.data())
def test_a_lexicon_that_grew_answers_to_the_bit_as_one_made_anew(first, later, query, data):
    statistics = TermStatistics.of(TEXTS)
    texts = [*first, *(text for some in later for text in some)]
    grown = Lexicon(first, statistics=statistics)
    for some in later:
        before, size = grown, len(grown)
        grown = grown.grown(some)
        assert len(before) == size
    whole, terms = Lexicon(texts, statistics=statistics), sorted(set(query))
    mask = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts))), bool
    )
    rows = np.flatnonzero(mask)
    k, since = data.draw(st.integers(1, 9)), np.ones(len(texts) - len(first), np.bool_)
    for one, other in (
        ((grown.scores(terms),), (whole.scores(terms),)),
        (grown.among(terms, k=k, mask=mask), whole.among(terms, k=k, mask=mask)),
        (
            grown.before(terms, k=k, stop=len(first), later=since),
            whole.before(terms, k=k, stop=len(texts)),
        ),
        (grown.likeness(rows, rows[::-1].copy()), whole.likeness(rows, rows[::-1].copy())),
    ):
        for mine, its in zip(one, other, strict=True):
            np.testing.assert_array_equal(mine, its)


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=1, max_size=6), st.lists(words, max_size=4), words)
def test_some_texts_score_as_among_all_to_the_bit(texts, later, query):
    texts, later = [" ".join(one) for one in texts], [" ".join(one) for one in later]
    index = index_of(texts).grown(later)
    some = np.arange(len(index))[::-2]
    terms = sorted(set(query))
    assert index.scores_of(terms, some).tobytes() == index.scores(terms)[some].tobytes()
