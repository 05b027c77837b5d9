"""What a `Store` promises of decisions, on every database.

Inherit, and give a fixture `url`: the address of an empty database.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from sqlalchemy import update

from matcher.decision_errors import DecisionDamagedError, InvalidOverrideError
from matcher.store import decisions, overrides, tables
from matcher.store.decision import Decision, Summary
from matcher.store.decisions import Asked, Prepared
from matcher.store.overrides import Override
from matcher.store.store import Store
from tests.small_market import assert_same_bits

COLUMNS = ("skill_coverage", "ünï")


def a_decision(
    id_: str = "d1", *, at: int = 1_700_000_000_000_000, k: int = 2, rest: int = 3, **fields: object
) -> Decision:
    """A list of k, with odd figures, and the rest of its pool."""
    odd = np.resize(np.array([np.nan, -0.0, 1e-42, 0.1, -np.inf], np.float32), k)
    summary = {
        "decision_id": id_,
        "at": at,
        "as_of": at,
        "direction": "freelancers",
        "job_id": "j1",
        "freelancer_id": None,
        "seq": 3,
        "bundle": "d" * 64,
        "shown": k,
    }
    return Decision(
        summary=Summary(**{**summary, **fields}),
        about={"request": {"job": {"title": "'; -- ünï ☕"}}, "k": k, "seed": 2**53 - 1},
        vector=np.array([0.1, -0.2, 0.3], np.float32),
        shown=tuple(f"f{at}" for at in range(k)),
        explored=np.arange(k) % 2 == 1,
        figures={"score": odd, "propensity": np.ones(k, np.float32), "factors.quality": -odd},
        columns=COLUMNS,
        features=np.stack([odd, odd * 2], axis=1) if k else np.empty((0, 2), np.float32),
        rest=tuple(f"ünï{at}" for at in range(rest)),
        rest_scores=np.linspace(0, -1, rest, dtype=np.float32),
    )


def same(one: Decision | None, other: Decision) -> None:
    assert one is not None
    assert (one.summary, one.about, one.shown) == (other.summary, other.about, other.shown)
    assert (one.columns, one.rest) == (other.columns, other.rest)
    assert one.explored.tolist() == other.explored.tolist()
    assert list(one.figures) == list(other.figures)
    for name, column in one.figures.items():
        assert_same_bits(column, other.figures[name], name)
    assert one.features.shape == other.features.shape
    assert_same_bits(one.features, other.features)
    assert_same_bits(one.rest_scores, other.rest_scores)
    assert (one.vector is None) == (other.vector is None)
    if one.vector is not None and other.vector is not None:
        assert_same_bits(one.vector, other.vector)


class DecisionsContract:
    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        with Store.open(url) as opened:
            yield opened

    def keep(self, store: Store, *made: Decision) -> None:
        prepared = Prepared.of(made)
        with store.database.writing() as connection:
            decisions.keep(connection, prepared)

    def found(self, store: Store, id_: str) -> Decision | None:
        with store.database.reading() as connection:
            return decisions.found(connection, id_)

    def listed(self, store: Store, **asked: object) -> list[str]:
        with store.database.reading() as connection:
            return [one.decision_id for one in decisions.listed(connection, Asked(**asked))]

    @pytest.mark.parametrize(("k", "rest"), [(2, 3), (0, 0), (5, 0), (0, 2), (1_000, 10)])
    def test_what_was_kept_comes_back_bit_for_bit(self, store: Store, k, rest):
        made = a_decision(k=k, rest=rest)
        self.keep(store, made)
        same(self.found(store, "d1"), made)
        assert self.found(store, "d2") is None
        assert store.head() == 0  # it changes nothing that a list is made of

    def test_the_first_that_was_kept_stays(self, store: Store):
        made = a_decision()
        self.keep(store, made, a_decision("d2"))
        self.keep(store, a_decision(k=1), a_decision("d3"))
        same(self.found(store, "d1"), made)
        assert self.listed(store) == ["d3", "d2", "d1"]
        self.keep(store)

    def test_a_listing_goes_on_after_the_last_one_seen(self, store: Store):
        at = 1_700_000_000_000_000
        self.keep(store, *(a_decision(f"d{n}", at=at + n // 2) for n in range(5)))
        assert self.listed(store, limit=3) == ["d4", "d3", "d2"]
        assert self.listed(store, after=(at + 1, "d2")) == ["d1", "d0"]
        assert self.listed(store, since=at + 1, until=at + 2) == ["d3", "d2"]
        assert self.listed(store, job_id="j1", limit=1) == ["d4"]
        assert self.listed(store, freelancer_id="f1") == []

    def test_every_decision_is_read_once_oldest_first(self, store: Store, monkeypatch):
        monkeypatch.setattr(decisions, "PAGE", 2)
        self.keep(store, *(a_decision(f"d{n}", at=9 - n // 2, k=n) for n in range(5)))
        pages = list(decisions.every(store.database))
        ids = [one.summary.decision_id for page in pages for one in page]
        assert ids == ["d4", "d2", "d3", "d0", "d1"]
        assert [len(page) for page in pages] == [2, 2, 1]

    def test_the_oldest_go_first_a_few_at_a_time(self, store: Store):
        self.keep(store, *(a_decision(f"d{n}", at=n) for n in range(5)))
        said = Override(at=1, ranking=("f0",), by="ada", reason="")
        with store.database.writing() as connection:
            overrides.add(connection, "d0", said)
            assert decisions.prune(connection, before=4, limit=3) == 3
            assert decisions.prune(connection, before=4, limit=3) == 1
            assert decisions.prune(connection, before=4, limit=3) == 0
            assert overrides.of(connection, "d0") == []
        assert self.listed(store) == ["d4"]

    def test_a_body_that_is_damaged_is_told(self, store: Store):
        self.keep(store, a_decision())
        for body in (b"", b"\x02", b"\x01", b"\x01nonsense"):
            with store.database.writing() as connection:
                connection.execute(update(tables.decisions).values(body=body))
            with pytest.raises(DecisionDamagedError, match="'d1' cannot be read"):
                self.found(store, "d1")

    def test_an_override_said_twice_is_kept_once_at_its_first_instant(self, store: Store):
        first = Override(at=5, ranking=("f1", "f0"), by="ada", reason="x")
        other = Override(at=5, ranking=("f1", "f0"), by="bo", reason="x")
        again = Override(at=9, ranking=("f1", "f0"), by="ada", reason="x")
        with store.database.writing() as connection:
            told = [overrides.add(connection, "d1", one) for one in (first, other, again)]
            kept = overrides.of(connection, "d1")
        assert [is_new for _, is_new in told] == [True, True, False]
        assert [(one.by, one.at) for one in kept] == [("ada", 5), ("bo", 6)]
        assert told[2][0] == first

    def test_only_the_shown_can_be_put_in_order(self):
        overrides.check(("f1", "f0"), shown=("f0", "f1", "f2"))
        with pytest.raises(InvalidOverrideError, match=r"found 'a', 'b', 'c', \.\.\. who were not"):
            overrides.check(tuple("dcba"), shown=("f0",))
