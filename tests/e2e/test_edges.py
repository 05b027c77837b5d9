"""Small, empty and odd markets, from the directory to the list, through the command itself."""

from __future__ import annotations

import json

import ir_measures
import pandas as pd
import pytest

from tests.commands import Matcher, lines_file
from tests.marketplace_builders import a_freelancer, a_job, a_marketplace, an_event

BRIEF = {"title": "Restore an oil painting", "description": "A flooded cellar."}


@pytest.fixture
def trained_on(matcher, shop, tmp_path):
    """A market and the bundle trained on all of it."""

    def train(**tables: list[dict[str, object]]) -> tuple[object, object]:
        market, bundle = a_marketplace(tmp_path / "market", **tables), tmp_path / "bundle"
        matcher["train", market, "--out", bundle, "--config", shop.run]
        return market, bundle

    return train


def ranked(matcher: Matcher, market, bundle, jobs, *options: object) -> dict[str, list[str]]:
    """Freelancer ids by job id, in the order in which a TREC reader finds them."""
    out = matcher["rank", market, "--bundle", bundle, "--jobs", jobs, *options]
    lists: dict[str, list[str]] = {}
    for line in out.splitlines():
        job, _, person, rank, _, _ = line.split(" ")
        lists.setdefault(job, []).append(person)
        assert int(rank) == len(lists[job])
    return lists


# Markets


def test_an_empty_market_trains_ranks_and_matches(matcher, trained_on, tmp_path):
    market, bundle = trained_on(freelancers=[], jobs=[], events=[])
    jobs = lines_file(tmp_path / "jobs.jsonl", BRIEF)
    assert matcher["rank", market, "--bundle", bundle, "--jobs", jobs] == ""
    (line,) = matcher[
        "rank", market, "--bundle", bundle, "--jobs", jobs, "--format", "jsonl"
    ].splitlines()
    assert json.loads(line)["matches"] == []
    assert (
        json.loads(matcher["match", "Oil painting", "--bundle", bundle, "--json"])["matches"] == []
    )
    matcher["match", "Oil painting", "--bundle", bundle]


@pytest.mark.parametrize("options", [(), ("--bundle", "BUNDLE")])
def test_an_empty_market_cannot_be_evaluated_and_says_so(matcher, trained_on, shop, options):
    market, bundle = trained_on(freelancers=[], jobs=[], events=[])
    ran = matcher("evaluate", market, *(bundle if one == "BUNDLE" else one for one in options))
    assert ran.code == 2, ran
    assert "no job is left to test on, of 0" in ran.err


def test_files_of_no_bytes_are_an_empty_market(matcher, tmp_path):
    for name in ("freelancers.csv", "jobs.jsonl", "events.csv"):
        (tmp_path / name).write_bytes(b"")
    said = json.loads(matcher["validate", tmp_path, "--json"])
    assert (said["freelancers"], said["jobs"], said["events"]) == (0, 0, 0)


def test_one_freelancer_is_the_answer(matcher, trained_on, tmp_path):
    market, bundle = trained_on(freelancers=[a_freelancer(title="restorer")], jobs=[], events=[])
    jobs = lines_file(tmp_path / "jobs.jsonl", {**BRIEF, "job_id": "b/1"})
    assert ranked(matcher, market, bundle, jobs) == {"b/1": ["f1"]}
    (match,) = json.loads(
        matcher["match", "Oil", "--bundle", bundle, "--json", "--as-of", "2025-01-01T00:00:00Z"]
    )["matches"]
    assert match["freelancer_id"] == "f1"
    assert match["p_hire"] is None


def test_one_job_and_one_hire_train_and_evaluate(matcher, trained_on, shop):
    market, bundle = trained_on()
    report = json.loads(matcher["evaluate", market, "--config", shop.run, "--json"])
    assert report["test"]["jobs"] == 1
    assert report["systems"]["ranker"]["recall@100"] == 1.0
    ran = matcher("evaluate", market, "--bundle", bundle)
    assert ran.code == 4, "the bundle learned from the only job there is"


def test_without_any_event_the_text_decides(matcher, trained_on, tmp_path):
    trades = {
        "f1": ("PostgreSQL administrator", "Query tuning, replication and backups."),
        "f2": ("Children's book illustrator", "Watercolour, ink and gouache."),
        "f3": ("Tax accountant", "Returns and payroll for small firms."),
        "f4": (None, None),
    }
    people = [a_freelancer(one, title=t, overview=o) for one, (t, o) in trades.items()]
    market, bundle = trained_on(freelancers=people, jobs=[], events=[])
    jobs = lines_file(
        tmp_path / "jobs.jsonl",
        {"job_id": "db", "title": "Slow database", "description": "Tune our PostgreSQL queries."},
        {"job_id": "art", "title": "Illustrate a picture book in watercolour"},
        {"job_id": "tax", "title": "Someone for our payroll and tax returns"},
    )
    lists = ranked(matcher, market, bundle, jobs)
    assert {job: people[0] for job, people in lists.items()} == {
        "db": "f1",
        "art": "f2",
        "tax": "f3",
    }
    assert all(sorted(people) == ["f1", "f2", "f3", "f4"] for people in lists.values())


def test_bare_ids_and_hires_are_enough(matcher, trained_on, tmp_path):
    """No column but the required ones: who was hired for such work before comes first."""
    jobs = [
        a_job(f"j{i}", posted_at=f"2024-02-{i + 1:02}T00:00:00Z", title=("logo", "sql")[i % 2])
        for i in range(20)
    ]
    events = [
        an_event(
            f"e{i}",
            at=f"2024-02-{i + 1:02}T12:00:00Z",
            job_id=f"j{i}",
            freelancer_id=("artist", "analyst")[i % 2],
        )
        for i in range(20)
    ]
    people = [a_freelancer("analyst"), a_freelancer("artist"), a_freelancer("idle")]
    market, bundle = trained_on(freelancers=people, jobs=jobs, events=events)
    asked = lines_file(
        tmp_path / "jobs.jsonl",
        {"job_id": "a", "title": "logo", "posted_at": "2024-03-01T00:00:00Z"},
        {"job_id": "b", "title": "sql", "posted_at": "2024-03-01T00:00:00Z"},
    )
    lists = ranked(matcher, market, bundle, asked)
    assert lists["a"][0] == "artist"
    assert lists["b"][0] == "analyst"
    assert lists["a"][-1] == lists["b"][-1] == "idle"


# Briefs


@pytest.mark.parametrize(
    "brief",
    [
        {"title": ""},
        {"title": None},
        {"title": "   \n\t "},
        {"title": "?!…—"},
        {"title": "\u200b\u200d"},
        {"title": "go " * 33_000},
        {"title": "x" * 100_000},
        {"title": "日本語の翻訳者を探しています 🎌"},
        {"title": "مترجم عربي", "languages": ["ar"]},
        {"title": "a\u0000b"},
        {"title": "e\u0301" * 1_000},
        {"title": "go", "skills": [f"skill {i}" for i in range(200)]},
        {"title": "go", "budget_usd_min": 0, "budget_usd_max": 0, "payment": "hourly"},
        {"title": "go", "budget_usd_max": 1e12, "payment": "fixed", "weeks": 0},
        {"title": "go", "client_id": "nobody-knows", "category": "Unheard Of"},
    ],
    ids=lambda brief: ascii(brief)[:40],
)
def test_any_brief_is_ranked_in_full(matcher, shop, tmp_path, brief):
    jobs = lines_file(tmp_path / "jobs.jsonl", {"job_id": "b", **brief})
    lists = ranked(matcher, shop.market, shop.bundle, jobs, "--k", 20)
    assert len(lists["b"]) == len(set(lists["b"])) == 20


def test_a_brief_without_words_is_matched_in_the_terminal(matcher, shop):
    answer = json.loads(matcher["match", "…", "--bundle", shop.bundle, "--json"])
    assert len(answer["matches"]) == 10


def test_profiles_of_any_text_are_read_and_ranked(matcher, trained_on, tmp_path):
    people = [
        a_freelancer("long", overview="PostgreSQL " * 9_000),
        a_freelancer("日本", title="翻訳者", overview="日本語と英語", languages=["ja", "en"]),
        a_freelancer("emoji", title="👩‍🔬" * 50, skills=["c++", "C++", "\uff43++"]),
        a_freelancer("rtl", title="مترجم"),
        a_freelancer("silent"),
    ]
    market, bundle = trained_on(freelancers=people, jobs=[], events=[])
    jobs = lines_file(tmp_path / "jobs.jsonl", {"job_id": "b", "title": "日本語 翻訳者"})
    lists = ranked(matcher, market, bundle, jobs)
    assert sorted(lists["b"]) == sorted(one["freelancer_id"] for one in people)
    assert lists["b"][0] == "日本"


# Lists


@pytest.mark.parametrize("k", [1, 7, 50, 51, 100_000])
def test_a_list_holds_min_of_k_and_the_pool(matcher, shop, tmp_path, k):
    jobs = lines_file(tmp_path / "jobs.jsonl", {**BRIEF, "job_id": "b"})
    lists = ranked(matcher, shop.market, shop.bundle, jobs, "--k", k)
    assert len(set(lists["b"])) == len(lists["b"]) == min(k, 50)


def test_the_pool_of_a_job_is_who_had_joined_when_it_was_posted(matcher, shop, tmp_path):
    table = pd.read_parquet(shop.market / "jobs.parquet").sort_values(["posted_at", "job_id"])
    people = pd.read_parquet(shop.market / "freelancers.parquet")
    joined = people.groupby("freelancer_id")["joined_at"].min()
    own = [table.iloc[row] for row in (0, 40, 109)]
    jobs = lines_file(tmp_path / "jobs.jsonl", *({"job_id": job["job_id"]} for job in own))
    lists = ranked(matcher, shop.market, shop.bundle, jobs)
    for job in own:
        pool = set(joined[joined < job["posted_at"]].index)
        assert set(lists.get(job["job_id"], [])) == pool


def test_a_job_posted_before_the_training_ended_warns(matcher, shop, tmp_path):
    table = pd.read_parquet(shop.market / "jobs.parquet").sort_values(["posted_at", "job_id"])
    early, late = table.iloc[30]["job_id"], table.iloc[-1]["job_id"]
    asked = ("rank", shop.market, "--bundle", shop.bundle, "--jobs")
    ran = matcher(*asked, lines_file(tmp_path / "a.jsonl", {"job_id": early}))
    assert ran.code == 0
    assert "warning: 1 job" in ran.err
    assert shop.until in ran.err
    ran = matcher(*asked, lines_file(tmp_path / "b.jsonl", {"job_id": late}, {"title": "go"}))
    assert ran.code == 0
    assert "warning" not in ran.err


def test_a_job_is_ranked_as_of_its_posting_or_of_now(matcher, shop, tmp_path):
    posted = {"title": "go", "job_id": "then", "posted_at": "2025-12-31T12:00:00+02:00"}
    jobs = lines_file(tmp_path / "jobs.jsonl", posted, {"title": "go"})
    before = pd.Timestamp.now("UTC")
    lines = matcher[
        "rank", shop.market, "--bundle", shop.bundle, "--jobs", jobs, "--format", "jsonl"
    ].splitlines()
    then, now = (json.loads(line) for line in lines)
    assert then["as_of"] == "2025-12-31T10:00:00+00:00"
    assert before <= pd.Timestamp(now["as_of"]) <= pd.Timestamp.now("UTC")
    assert now["job_id"] == "line-2"


def test_a_run_file_is_one_that_ir_measures_reads(matcher, shop, tmp_path):
    own = pd.read_parquet(shop.market / "jobs.parquet")["job_id"][:3]
    jobs = lines_file(tmp_path / "jobs.jsonl", *({"job_id": one} for one in own))
    out = tmp_path / "run.trec"
    matcher["rank", shop.market, "--bundle", shop.bundle, "--jobs", jobs, "--out", out]
    read = list(ir_measures.read_trec_run(str(out)))
    for job in {one.query_id for one in read}:
        scores = [one.score for one in read if one.query_id == job]
        assert scores == sorted(set(scores), reverse=True)


def test_later_history_in_the_directory_counts(matcher, trained_on, tmp_path, shop):
    """The bundle is older than the directory: the parameters stay, the past grows."""
    people = [a_freelancer("a", title="go"), a_freelancer("b", title="go")]
    market, bundle = trained_on(freelancers=people, jobs=[a_job()], events=[])
    hires = [
        an_event(f"e{i}", at=f"2024-03-{i + 1:02}T00:00:00Z", freelancer_id="b") for i in range(9)
    ]
    grown = a_marketplace(tmp_path / "grown", freelancers=people, jobs=[a_job()], events=hires)
    asked = lines_file(
        tmp_path / "jobs.jsonl",
        {"job_id": "before", "title": "go api", "posted_at": "2024-03-01T00:00:00Z"},
        {"job_id": "after", "title": "go api", "posted_at": "2024-04-01T00:00:00Z"},
    )
    lists = ranked(matcher, grown, bundle, asked)
    assert lists == {"before": ["a", "b"], "after": ["b", "a"]}
    assert ranked(matcher, market, bundle, asked) == {"before": ["a", "b"], "after": ["a", "b"]}


# Filters


@pytest.mark.parametrize(
    "filters",
    [
        ("--max-rate", 0),
        ("--countries", "AQ"),
        ("--languages", "la"),
        ("--must-have", "alchemy"),
        ("--min-hours", 169),
    ],
    ids=lambda one: one[0],
)
def test_filters_that_nobody_passes_leave_an_empty_list_and_say_why(matcher, shop, filters):
    asked = ("match", "Logo", "--bundle", shop.bundle, *filters)
    answer = json.loads(matcher[(*asked, "--json")])
    assert answer["matches"] == []
    assert sum(answer["excluded"].values()) > 0
    assert "excluded" in matcher[asked]


def test_a_filter_never_lets_the_unknown_pass(matcher, trained_on):
    rates = {"cheap": 20, "dear": 90, "unknown": None}
    people = [a_freelancer(one, title="go", hourly_rate_usd=rate) for one, rate in rates.items()]
    _, bundle = trained_on(freelancers=people, jobs=[], events=[])
    answer = json.loads(matcher["match", "go", "--bundle", bundle, "--max-rate", 60, "--json"])
    assert [one["freelancer_id"] for one in answer["matches"]] == ["cheap"]
    assert answer["excluded"] == {"hourly_rate_usd": 1, "hourly_rate_usd_unknown": 1}
