"""Reading jobs from lines and writing lists that others can read."""

from __future__ import annotations

import json

import ir_measures
import numpy as np
import pytest

from matcher.candidates import Match, Matches
from matcher.domain import instant_of
from matcher.errors import InvalidRecordError, UnknownJobError
from matcher.snapshot import Snapshot
from tests.fakes import FakeEncoder
from training.rank import WRITERS, read_jobs


def lines_of(tmp_path, *lines: str | bytes):
    path = tmp_path / "jobs.jsonl"
    path.write_bytes(b"\n".join(one if isinstance(one, bytes) else one.encode() for one in lines))
    return path


def with_scores(matches: Matches, scores: list[float]) -> Matches:
    """The same people with other scores, which may tie."""
    top = tuple(
        Match(
            freelancer_id=match.freelancer_id,
            rank=match.rank,
            score=score,
            p_hire=match.p_hire,
            components=match.components,
            reasons=match.reasons,
        )
        for match, score in zip(matches.top, scores, strict=False)
    )
    return type(matches)(
        query=matches.query,
        rows=matches.rows,
        scores=matches.scores,
        p_hire=matches.p_hire,
        matrix=matches.matrix,
        top=top,
        took_ms=matches.took_ms,
    )


@pytest.fixture(scope="module")
def matches(engine) -> Matches:
    job = engine.snapshot.jobs.records[-1]
    return engine.match(engine.ask(job, as_of=instant_of(job.posted_at), k=20))


def order_read(lines: list[str], tmp_path) -> list[str]:
    """The order in which a TREC reader finds them: by score, ties as it likes."""
    path = tmp_path / "run.trec"
    path.write_text("".join(lines), encoding="utf-8")
    read = list(ir_measures.read_trec_run(str(path)))
    assert [one.query_id for one in read] == ["j/1"] * len(read)
    return [one.doc_id for one in sorted(read, key=lambda one: -one.score)]


def test_a_run_is_read_by_others_in_our_order(matches, tmp_path):
    lines = list(WRITERS["trec"](iter([("j/1", matches)])))
    assert order_read(lines, tmp_path) == [match.freelancer_id for match in matches.top]
    for rank, line in enumerate(lines, start=1):
        job, q0, person, place, score, tag = line.split(" ")
        assert (job, q0, place, tag) == ("j/1", "Q0", str(rank), "matcher\n")
        assert person == matches.top[rank - 1].freelancer_id
        assert np.isfinite(float(score))


@pytest.mark.parametrize(
    "scores",
    [[1.0] * 20, [2.5, *[0.0] * 18, -1.0], [*[1e-300] * 10, *[-1e300] * 10], [0.0] * 20],
    ids=["all alike", "nearly all alike", "two groups", "zero"],
)
def test_ties_keep_our_order_though_readers_sort_by_score(matches, tmp_path, scores):
    tied = with_scores(matches, scores)
    lines = list(WRITERS["trec"](iter([("j/1", tied)])))
    read = [float(line.split(" ")[4]) for line in lines]
    assert (np.diff(read) < 0).all()
    assert order_read(lines, tmp_path) == [match.freelancer_id for match in tied.top]
    assert read == pytest.approx(scores)


def test_json_lines_hold_the_instant_and_the_list(matches):
    (line,) = WRITERS["jsonl"](iter([("j/1", matches)]))
    answer = json.loads(line)
    assert answer["job_id"] == "j/1"
    assert answer["as_of"] == matches.query.job.posted_at.isoformat()
    assert [one["freelancer_id"] for one in answer["matches"]] == [
        match.freelancer_id for match in matches.top
    ]
    first, told = answer["matches"][0], matches.top[0]
    assert first.keys() == {
        "freelancer_id", "rank", "score", "p_hire", "factors", "expected_value",
    }  # fmt: skip
    assert {name for name, value in first["factors"].items() if value is not None} == set(
        told.factors
    )
    assert first["expected_value"] == told.expected_value
    assert [one["rank"] for one in answer["matches"]] == list(range(1, 21))


def test_an_id_alone_is_the_markets_own_job(engine, tmp_path):
    job = engine.snapshot.jobs.records[5]
    found = read_jobs(lines_of(tmp_path, json.dumps({"job_id": job.job_id})), engine.snapshot)
    assert found == [job]


def test_a_job_with_fields_is_what_its_fields_say(engine, tmp_path):
    job = engine.snapshot.jobs.records[5]
    line = json.dumps({"job_id": job.job_id, "title": "Something else", "skills": ["go"]})
    (found,) = read_jobs(lines_of(tmp_path, line), engine.snapshot)
    assert (found.title, found.skills, found.description) == ("Something else", ("go",), None)


def test_columns_that_no_contract_names_are_ignored_as_in_a_table(engine, tmp_path):
    line = json.dumps({"title": "go api", "internal_code": 7})
    (found,) = read_jobs(lines_of(tmp_path, line), engine.snapshot)
    assert found.title == "go api"


@pytest.mark.parametrize(
    "line",
    ['{"title": "go api"}\r', "\ufeff" + '{"title": "go api"}', '  {"title": "go api"}  '],
    ids=["carriage return", "byte order mark", "spaces"],
)
def test_what_other_systems_write_is_read(engine, tmp_path, line):
    (found,) = read_jobs(lines_of(tmp_path, line, "", "   ", ""), engine.snapshot)
    assert found.title == "go api"


@pytest.mark.parametrize(
    "title", ["Übersetzung ins Japanische 日本語", "line\u2028separator", "\x85next", "👩‍🔬" * 500]
)
def test_any_text_survives(engine, tmp_path, title):
    lines = [json.dumps({"title": title}, ensure_ascii=raw) for raw in (True, False)]
    found = read_jobs(lines_of(tmp_path, *lines), engine.snapshot)
    assert [job.title for job in found] == [title, title]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("{", "is not a JSON object"),
        ("[]", "is not a JSON object|title"),
        ("7", "is not a JSON object"),
        ("null", "is not a JSON object"),
        ('"job"', "is not a JSON object"),
        ("[" * 100_000, "is not a JSON object"),
        ("{}", "title"),
        ('{"title": 7}', "title"),
        ('{"title": "go", "posted_at": "2024-01-01T00:00:00"}', "posted_at"),
        ('{"title": "go", "posted_at": "yesterday"}', "posted_at"),
        ('{"title": "go", "posted_at": 1700000000}', "posted_at"),
        ('{"title": "go", "budget_usd_max": NaN}', "budget_usd_max"),
        ('{"title": "go", "budget_usd_max": -1}', "budget_usd_max"),
        ('{"title": "go", "job_id": "two words"}', "job_id"),
        ('{"title": "go", "job_id": ""}', "job_id"),
        ('{"title": "go", "skills": "go"}', "skills"),
        ('{"title": "go", "utc_offset_hours": 15}', "utc_offset_hours"),
        ('{"title": "go", "budget_usd_min": 9, "budget_usd_max": 1}', "budget_usd_min"),
    ],
)
def test_a_line_that_is_no_job_is_refused_by_its_number(engine, tmp_path, line, what):
    path = lines_of(tmp_path, '{"title": "fine"}', "", line)
    with pytest.raises(InvalidRecordError, match=rf"line 3.*({what})") as refused:
        read_jobs(path, engine.snapshot)
    assert "nothing was written" in str(refused.value)
    assert len(str(refused.value)) < 1_000


@pytest.mark.parametrize("job_id", ["unknown", "", 7, None, ["j"]])
def test_a_job_that_the_market_does_not_hold_is_refused(engine, tmp_path, job_id):
    path = lines_of(tmp_path, '{"title": "fine"}', json.dumps({"job_id": job_id}))
    with pytest.raises(UnknownJobError, match=r"send the job's own fields, or check the id"):
        read_jobs(path, engine.snapshot)


def test_a_file_that_is_not_utf_8_is_refused(engine, tmp_path):
    with pytest.raises(InvalidRecordError, match="is not UTF-8"):
        read_jobs(lines_of(tmp_path, b'{"title": "caf\xe9"}'), engine.snapshot)


def test_an_empty_file_holds_no_jobs(engine, tmp_path):
    assert read_jobs(lines_of(tmp_path, ""), engine.snapshot) == []


def test_an_id_that_stands_twice_is_refused(tmp_path, small_market):
    file = tmp_path / "jobs.jsonl"
    file.write_text('{"job_id": "a", "title": "x"}\n{"job_id": "a", "title": "y"}\n', "utf-8")
    encoder = FakeEncoder()
    with pytest.raises(InvalidRecordError, match=r"line 2: job_id 'a' stands on an earlier line"):
        read_jobs(file, Snapshot.of(small_market, encoder=encoder))
