from __future__ import annotations

import numpy as np
import pytest

from tests.builders import a_brief, a_freelancer, a_market, an_engine, day, instant
from tests.contracts.source_contract import SourceContract


class TestProfileSource(SourceContract):
    @pytest.fixture
    def source_of(self):
        return lambda engine: engine.sources.by_name["profile"]


class TestLexicalProfileSource(SourceContract):
    @pytest.fixture
    def source_of(self):
        return lambda engine: engine.sources.by_name["lexical_profile"]


def found(
    freelancers, *, source: str = "profile", at: float = 0, title: str = "go api"
) -> list[str]:
    engine = an_engine(a_market(freelancers=freelancers))
    query = engine.ask(a_brief(title), as_of=instant(at))
    hits = engine.sources.by_name[source].search(query, pool=10)
    return [engine.snapshot.freelancers.ids[row] for row in hits.rows]


@pytest.mark.parametrize("source", ["profile", "lexical_profile"])
def test_finds_people_by_the_profile_in_force(source):
    people = [
        a_freelancer("f1", joined=-50, title="go api"),
        a_freelancer("f1", joined=-50, valid_from=day(-20), title="logo design"),
        a_freelancer("f2", joined=-50, title="logo"),
        a_freelancer("f2", joined=-50, valid_from=day(-20), title="go developer"),
    ]
    assert found(people, source=source, at=-30)[0] == "f1"
    assert found(people, source=source)[0] == "f2"


def test_who_says_nothing_is_not_found_by_words():
    people = [
        a_freelancer("f1"),
        a_freelancer("f2", title="painter"),
        a_freelancer("f3", title="go"),
    ]
    assert found(people, source="lexical_profile") == ["f3"]
    assert "f1" not in found(people)


def test_the_score_is_the_cosine():
    engine = an_engine(a_market(freelancers=[a_freelancer(title="go api")]))
    hits = engine.sources.by_name["profile"].search(
        engine.ask(a_brief("go api"), as_of=instant()), pool=1
    )
    assert hits.scores == pytest.approx(np.ones(1), abs=1e-6)
