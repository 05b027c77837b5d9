"""Which jobs two bundles are compared on, and champions that cannot be asked."""

from __future__ import annotations

import json
import shutil

import pytest

from matcher.marketplace import write_marketplace
from matcher.registry import fetch, registered
from tests.fakes import FakeEncoder
from tests.small_market import with_frames
from tests.training.promotion_builders import (
    AT_EASE,
    UNSEEN,
    told,
)
from training import promotion

pytestmark = pytest.mark.slow  # MLflow takes two seconds to import, and one to make its store


def test_a_bundle_that_has_seen_the_span_is_refused_before_anything_is_registered(gate, made):
    asked = ("promote", made["later"], "--market", made["market"], "--test-from", made.until)
    ran = gate(*asked)
    assert ran.code == 4
    assert "the bundle learned until" in ran.err
    assert "choose a later --test-from, or train with --until" in ran.err
    assert [one.version for one in registered("matcher")] == ["1"]


def test_a_span_that_the_champion_has_seen_is_refused(gate, made):
    ran = gate("promote", made["equal"], "--market", made["market"], "--test-share", "0.9")
    assert ran.code == 4
    assert "the bundle learned until" in ran.err
    gate[("promote", made["later"], "--market", made["market"], *AT_EASE)]
    asked = ("promote", made["equal"], "--market", made["market"], "--test-from", made.until)
    ran = gate(*asked)
    assert ran.code == 4
    assert "the champion learned until" in ran.err


def test_where_nothing_is_left_it_says_what_to_do(gate, made):
    ran = gate("promote", made["all"], "--market", made["market"])
    assert ran.code == 4
    assert "no job is left to compare on: the bundle learned until" in ran.err
    assert f"and the champion learned until {made.until}" in ran.err
    assert "add later jobs to the directory, or train with an earlier --until" in ran.err


def test_an_instant_and_a_share_at_once_are_refused(gate, made):
    asked = ("promote", made["equal"], "--market", made["market"])
    ran = gate(*asked, "--test-from", made.until, "--test-share", "0.1")
    assert ran.code == 2
    assert "give one of them" in ran.err


def test_a_span_without_hires_is_refused_for_that(fresh, made, small_market, tmp_path):
    cut = small_market.jobs["posted_at"].iloc[UNSEEN]
    quiet = with_frames(small_market, events=small_market.events[small_market.events["at"] < cut])
    write_marketplace(quiet, tmp_path / "quiet")
    ran = fresh("promote", made["champion"], "--market", tmp_path / "quiet", "--json")
    assert ran.code == 4
    assert set(json.loads(ran.out)["checks"]) == {"jobs"}


@pytest.mark.parametrize("what", ["features of another release", "another encoder"])
def test_a_champion_that_cannot_be_asked_gives_way_to_one_that_holds_by_itself(
    gate, made, monkeypatch, what
):
    if what == "another encoder":
        other = shutil.copytree(made["equal"], made.folder / "another-encoder", dirs_exist_ok=True)
        manifest = json.loads((other / "manifest.json").read_bytes())
        (other / "manifest.json").write_text(json.dumps({**manifest, "encoder": "fake-32"}))
        monkeypatch.setattr(promotion, "default_encoder", lambda: FakeEncoder(dim=32))
    else:
        other = made["equal"]
        monkeypatch.setattr(promotion, "FEATURES", _OfAnotherRelease(promotion.FEATURES))
        manifest = json.loads((other / "manifest.json").read_bytes())
        other = shutil.copytree(other, made.folder / "another-release", dirs_exist_ok=True)
        (other / "manifest.json").write_text(json.dumps({**manifest, "fingerprint": "new"}))
    found = json.loads(gate["promote", other, "--market", made["market"], "--json"])
    assert found["promoted"] is True
    assert what in found["note"]
    assert told(gate)["reigns"][-1]["figures"]["note"] == found["note"]


class _OfAnotherRelease:
    """The features of today, under another fingerprint."""

    def __init__(self, features) -> None:
        self._features = features
        self.fingerprint = "new"

    def __getattr__(self, name):
        return getattr(self._features, name)


def test_a_champion_that_is_damaged_is_no_reason_to_wave_a_candidate_through(gate, made):
    file = fetch("matcher", alias="champion") / "card.md"
    before = file.read_bytes()
    try:
        file.write_bytes(b"damaged")
        ran = gate("promote", made["equal"], "--market", made["market"])
    finally:
        file.write_bytes(before)
    assert ran.code == 4
    assert "SHA-256" in ran.err
    assert [one.version for one in registered("matcher")] == ["1"]
