from __future__ import annotations

import json

import pytest

from matcher.errors import UsageError
from matcher.run import Run, read_run


@pytest.fixture
def refused(tmp_path):
    def refused(text: str, match: str) -> None:
        path = tmp_path / "run.toml"
        path.write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=match):
            read_run(path)

    return refused


def test_an_empty_file_is_the_default_run(tmp_path):
    path = tmp_path / "run.toml"
    path.write_text("")
    assert read_run(path) == Run()


def test_what_a_file_says_is_taken_and_the_rest_stays(tmp_path):
    path = tmp_path / "run.toml"
    path.write_text('name = "mine"\n[retrieval]\npool = 50\nweights = {memory = 2, prior = 0}\n')
    run = read_run(path)
    assert (run.name, run.retrieval.pool) == ("mine", 50)
    assert run.retrieval.by_source() == {"memory": 2, "prior": 0}
    assert run.training == Run().training


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("[retrieval]\npol = 1", r"retrieval\.pol: Extra inputs are not permitted, found 1"),
        ("[sources]", r"sources: Extra inputs"),
        ("[retrieval]\npool = 0", r"retrieval\.pool: .* greater than 0, found 0"),
        ('[retrieval]\nindex = "ivf"', r"retrieval\.index: .*'flat' or 'fp16'"),
        ("[retrieval.weights]\nmagic = 1", r"retrieval\.weights\.magic"),
        ("[retrieval.weights]\nmemory = -1", r"retrieval\.weights\.memory"),
        ("[retrieval]\nhalf_life_days = inf", r"half_life_days: .*finite number, found inf"),
        ("[retrieval]\nhalf_life_days = nan", r"half_life_days: .*finite number, found nan"),
        ("[ranker]\nlambda_l2 = inf", r"lambda_l2: .*finite number"),
        ("[training]\nvalid_share = 1.0", r"training\.valid_share: .* less than 1"),
        (
            "[training]\nvalid_share = 0.5\ncalibration_share = 0.5",
            r"valid_share and calibration_share must add up to less than 1",
        ),
        ('name = "Not A Slug"', r"name: .*pattern"),
        ("name = ", r"is not TOML: .*; correct it and try again"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(refused, text, match):
    refused(text, match)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "run.toml"
    path.write_bytes(b"\x80\x04")
    with pytest.raises(UsageError, match="is not TOML"):
        read_run(path)


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_no_file_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match=r"no run file at .*; name one, or leave --config out"):
        read_run(tmp_path / name)


def test_a_run_survives_its_journey_through_a_bundle():
    run = Run.model_validate({"retrieval": {"weights": {"memory": 1.5}}})
    assert Run.model_validate(json.loads(json.dumps(run.model_dump(mode="json")))) == run
