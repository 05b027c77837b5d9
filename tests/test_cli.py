"""The command as a user meets it: codes, help, variables, files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from matcher.manifest import verified
from matcher.reports import kept
from serving.report_schemas import EvaluationRecord
from tests.commands import lines_file
from tests.marketplace_builders import a_job, a_marketplace
from tests.small_market import contents

# Exit codes


def test_a_sound_market_is_valid(matcher, shop):
    assert json.loads(matcher["validate", shop.market, "--json"])["valid"] is True
    assert "50 freelancers, 110 jobs" in matcher["validate", shop.market]


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "MARKET"),
        ("no-such-command",),
        ("validate", "no-such-folder"),
        ("rank", "MARKET", "--bundle", "BUNDLE", "--jobs", "JOBS", "--k", "0"),
        ("rank", "MARKET", "--bundle", "BUNDLE", "--jobs", "JOBS", "--format", "xml"),
        ("rank", "MARKET", "--bundle", "BUNDLE", "--jobs", "no-such-file"),
        ("train", "MARKET", "--out", "OUT", "--until", "2024-01-01T00:00:00"),
        ("train", "MARKET", "--out", "OUT", "--until", "yesterday"),
        ("train", "MARKET", "--out", "OUT", "--config", "no-such-file.toml"),
        ("evaluate", "MARKET", "--bundle", "BUNDLE", "--test-share", "2"),
        ("evaluate", "MARKET", "--bundle", "BUNDLE", "--test-from", "2100-01-01T00:00:00Z"),
        ("evaluate", "MARKET", "--sample", "0"),
        ("simulate", "OUT", "--jobs", "-1"),
        ("promote", "BUNDLE"),
        ("promote", "no-such-folder", "--market", "MARKET"),
        ("promote", "BUNDLE", "--market", "MARKET", "--margin", "1"),
        ("runs", "--last", "0"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_a_word_of_advice(matcher, shop, tmp_path, arguments):
    named = {
        "MARKET": shop.market,
        "BUNDLE": shop.bundle,
        "OUT": tmp_path / "out",
        "JOBS": lines_file(tmp_path / "jobs.jsonl", {"title": "go api"}),
    }
    ran = matcher(*(named.get(one, one) for one in arguments))
    assert ran.code == 2, ran
    assert "rror" in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["validate", "train", "evaluate", "rank"])
def test_bad_data_ends_with_3_and_nothing_is_written(matcher, shop, tmp_path, command):
    market = a_marketplace(tmp_path / "m", jobs=[a_job(posted_at="2024-02-01T00:00:00")])
    jobs = lines_file(tmp_path / "jobs.jsonl", {"title": "go api"})
    more = {
        "validate": (),
        "train": ("--out", tmp_path / "out"),
        "evaluate": ("--out", tmp_path / "out"),
        "rank": ("--bundle", shop.bundle, "--jobs", jobs, "--out", tmp_path / "out"),
    }[command]
    ran = matcher(command, market, *more)
    assert ran.code == 3, ran
    for word in ("jobs", "posted_at", "2024-02-01T00:00:00"):
        assert word in ran.err
    assert not (tmp_path / "out").exists()


def test_a_bundle_that_is_damaged_ends_with_4(matcher, shop, tmp_path):
    jobs = lines_file(tmp_path / "jobs.jsonl", {"title": "go api"})
    for options in (
        ("rank", shop.market, "--bundle", shop.market, "--jobs", jobs),
        ("evaluate", shop.market, "--bundle", shop.market),
        ("match", "go api", "--bundle", shop.market),
    ):
        ran = matcher(*options)
        assert ran.code == 4, ran
        assert "is not a bundle" in ran.err


def test_a_bundle_that_has_seen_the_test_span_ends_with_4_and_says_what_to_do(matcher, shop):
    ran = matcher("evaluate", shop.market, "--bundle", shop.bundle, "--test-share", "0.5")
    assert ran.code == 4
    assert f"the bundle learned until {shop.until}" in ran.err
    assert "choose a later --test-from, or train with --until" in ran.err


def test_a_bundle_made_by_another_encoder_ends_with_4(matcher, shop, small_bundle, tmp_path):
    jobs = lines_file(tmp_path / "jobs.jsonl", {"title": "go api"})
    ran = matcher("rank", shop.market, "--bundle", small_bundle, "--jobs", jobs)
    assert ran.code == 4
    assert "set the encoder that it was trained with, or train again" in ran.err


def test_an_encoder_that_is_not_there_ends_with_4(matcher, shop, tmp_path, monkeypatch):
    monkeypatch.setenv("MATCHER_ENCODER", str(tmp_path))
    ran = matcher("evaluate", shop.market, "--bundle", shop.bundle)
    assert ran.code == 4, ran
    assert "holds no model" in ran.err


@pytest.mark.parametrize(
    ("arguments", "advice"),
    [
        ((), "give a brief in words, or --for"),
        (("go api", "--for", "f1"), "give one of them"),
        (("--for", "f1", "--max-rate", "9"), "options that set hourly_rate_usd"),
        (("--for", "f1", "--skills", "go"), "options that set skills"),
    ],
)
def test_a_match_is_asked_about_one_thing(matcher, shop, arguments, advice):
    ran = matcher("match", *arguments, "--bundle", shop.bundle)
    assert ran.code == 2, ran
    assert advice in ran.err


def test_jobs_for_nobody_known_end_with_3(matcher, shop):
    ran = matcher("match", "--for", "ghost", "--bundle", shop.bundle)
    assert ran.code == 3, ran
    assert "no freelancer 'ghost' is known" in ran.err


def test_open_jobs_for_a_freelancer_are_listed_with_reasons(matcher, shop):
    options = ("--for", "f0007", "--bundle", shop.bundle, "--k", "3")
    listed = json.loads(matcher[("match", *options, "--json")])["matches"]
    said = matcher[("match", *options)]
    assert len(listed) <= 3
    assert all(one["job_id"] in said and one["reasons"][0]["text"] for one in listed)
    assert listed or "no open job is left" in said


# Variables


def test_an_option_set_by_its_variable_counts(matcher, shop, tmp_path, monkeypatch):
    jobs = lines_file(tmp_path / "jobs.jsonl", {"title": "go api"})
    monkeypatch.setenv("MATCHER_BUNDLE", str(shop.bundle))
    monkeypatch.setenv("MATCHER_JOBS", str(jobs))
    monkeypatch.setenv("MATCHER_K", "3")
    assert len(matcher["rank", shop.market].splitlines()) == 3
    assert len(matcher["rank", shop.market, "--k", "2"].splitlines()) == 2


# Files


def test_simulate_train_evaluate_rank_match(matcher, shop, tmp_path):
    """The whole line in one go, from nothing; results on stdout, the rest elsewhere."""
    market, bundle, report = tmp_path / "m", tmp_path / "b", tmp_path / "report.json"
    sizes = ("--freelancers", 50, "--jobs", 110, "--seed", 3)
    assert matcher["simulate", market, *sizes] == f"{market}\n"
    assert contents(market) == contents(shop.market)

    options = ("--config", shop.run, "--until", shop.until)
    assert matcher["train", market, "--out", bundle, *options] == f"{bundle}\n"
    assert contents(bundle) == contents(shop.bundle)

    said = matcher["evaluate", market, "--bundle", bundle, "--out", report, "--json"]
    assert json.loads(said) == json.loads(report.read_text(encoding="utf-8"))
    assert "oracle" in json.loads(said)["systems"]

    jobs = lines_file(tmp_path / "jobs.jsonl", {"title": "Logo for a bakery"})
    assert len(matcher["rank", market, "--bundle", bundle, "--jobs", jobs].splitlines()) == 50

    listed = matcher["match", "Logo for a bakery", "--bundle", bundle, "--k", 3]
    assert "freelancer" in listed
    assert (
        len([line for line in listed.splitlines() if line.split()[:1] in (["1"], ["2"], ["3"])])
        >= 3
    )


def test_evaluate_without_a_bundle_trains_one_first(matcher, shop):
    """Until the first test instant: the same figures as for a bundle trained until then.

    What is told of a bundle is kept for whoever serves it.
    """
    _, digest = verified(shop.bundle)
    before = kept("evaluation", digest=digest)
    one = json.loads(matcher["evaluate", shop.market, "--config", shop.run, "--json"])
    assert kept("evaluation", digest=digest) == before
    other = json.loads(matcher["evaluate", shop.market, "--bundle", shop.bundle, "--json"])
    assert one["systems"] == other["systems"]
    assert one["seed"] == 7
    found = kept("evaluation", digest=digest)
    assert found is not None
    assert found == {"judged_at": found["judged_at"], "digest": digest, **other}
    told = EvaluationRecord.model_validate(found).model_dump(by_alias=True)
    assert set(told["systems"]) == set(other["systems"])
    assert told["importance"] == other["importance"]


def test_evaluate_prints_a_table(matcher, shop):
    table = matcher["evaluate", shop.market, "--bundle", shop.bundle, "--sample", 6]
    for name in ("random", "popularity", "hybrid", "ranker", "oracle", "recall@100"):
        assert name in table


@pytest.mark.parametrize("command", ["simulate", "train", "evaluate", "rank"])
def test_an_output_that_exists_stays_without_force(matcher, shop, tmp_path, command):
    out = tmp_path / "out"
    if command in {"simulate", "train"}:
        out.mkdir()
        (out / "letter.txt").write_text("dear", encoding="utf-8")
    else:
        out.write_text("dear", encoding="utf-8")
    jobs = lines_file(tmp_path / "jobs.jsonl", {"title": "go api"})
    arguments = {
        "simulate": (out, "--freelancers", 3, "--jobs", 3),
        "train": (shop.market, "--out", out),
        "evaluate": (shop.market, "--bundle", shop.bundle, "--out", out),
        "rank": (shop.market, "--bundle", shop.bundle, "--jobs", jobs, "--out", out),
    }[command]
    before = contents(tmp_path)
    ran = matcher(command, *arguments)
    assert ran.code == 2, ran
    assert "pass --force to replace it, or name another path" in ran.err
    assert contents(tmp_path) == before


def test_force_replaces_an_output(matcher, shop, tmp_path):
    out = tmp_path / "run.trec"
    record = {"title": "go api", "posted_at": shop.until}  # not as of now: scores fade with time
    jobs = lines_file(tmp_path / "jobs.jsonl", record)
    asked = ("rank", shop.market, "--bundle", shop.bundle, "--jobs", jobs, "--out", out)
    assert matcher[(*asked, "--k", 2)] == ""
    first = out.read_text(encoding="utf-8")
    assert matcher[(*asked, "--k", 5, "--force")] == ""
    assert out.read_text(encoding="utf-8").startswith(first)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["jobs.jsonl", "run.trec"]


def test_force_does_not_replace_what_is_something_else(matcher, shop, tmp_path):
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    ran = matcher("train", shop.market, "--out", tmp_path, "--config", shop.run, "--force")
    assert ran.code == 2, ran
    assert "so it will not be replaced" in ran.err
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "dear"


def test_a_report_may_be_named_without_a_suffix(matcher, shop, tmp_path):
    out = tmp_path / "deep" / "report"
    matcher["evaluate", shop.market, "--bundle", shop.bundle, "--sample", 4, "--out", out]
    assert json.loads(out.read_text(encoding="utf-8"))["systems"]
    assert {path.name for path in out.parent.iterdir()} == {"report", "report-plots"}


def test_a_refused_line_leaves_no_output(matcher, shop, tmp_path):
    jobs = tmp_path / "jobs.jsonl"
    jobs.write_text('{"title": "go api"}\n{"title": 7}\n', encoding="utf-8")
    out = tmp_path / "run.trec"
    ran = matcher("rank", shop.market, "--bundle", shop.bundle, "--jobs", jobs, "--out", out)
    assert ran.code == 3
    assert "line 2" in ran.err
    assert list(tmp_path.iterdir()) == [jobs]


def test_what_is_kept_by_default_lies_under_the_home(matcher, shop, tmp_path):
    out = tmp_path / "b"
    matcher["train", shop.market, "--out", out, "--config", shop.run]
    assert (shop.home / "cache" / "vectors.sqlite").is_file()
    assert any("mlflow" in path.name for path in shop.home.iterdir())
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


@pytest.mark.e2e
@pytest.mark.slow
def test_the_installed_command_writes_nothing_where_it_runs(shop, tmp_path):
    here, jobs = tmp_path / "here", lines_file(tmp_path / "jobs.jsonl", {"title": "go api"})
    here.mkdir()
    installed = Path(sys.executable).with_name("matcher")
    ran = subprocess.run(
        [installed, "rank", shop.market, "--bundle", shop.bundle, "--jobs", jobs, "--k", "2"],
        cwd=here,
        env={"MATCHER_HOME": str(shop.home), "HOME": str(here), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert len(ran.stdout.splitlines()) == 2
    assert list(here.iterdir()) == []
