"""Files that are cut short, damaged, or not what their name says."""

from __future__ import annotations

import gzip
import json

import pytest

from matcher.errors import InvalidMarketplaceError
from matcher.marketplace import read_marketplace
from tests.marketplace_builders import FORMS, a_job, a_marketplace, encoded, refused


@pytest.mark.parametrize("form", FORMS)
def test_no_file_cut_short_is_read_in_silence(tmp_path, form):
    jobs = [a_job(f"j{n}", skills=["go"], description='a "quoted"\ntext, long') for n in range(2)]
    a_marketplace(tmp_path, form=form, jobs=jobs, events=[])
    path = tmp_path / f"jobs.{form}"
    whole = path.read_bytes()
    for length in range(1, len(whole) - 1, max(1, len(whole) // 25)):
        path.write_bytes(whole[:length])
        if form == "jsonl" and whole[: length + 1].endswith(b"}\n"):
            continue  # a whole object
        if form in ("csv", "jsonl") and whole[:length].endswith((b"\r", b"\n")):
            continue  # whole rows
        try:
            warnings = read_marketplace(tmp_path).warnings
        except InvalidMarketplaceError as error:
            assert error.violations[0].table == "jobs"
        else:
            assert form == "csv"
            assert "1 file does not end in a line break" in warnings[0]


def test_a_csv_cut_within_a_quoted_last_cell_is_refused(tmp_path):
    a_marketplace(tmp_path, form="csv")
    (tmp_path / "jobs.csv").write_bytes(b'job_id,posted_at,title\nj1,2024-02-01T00:00Z,"go')
    assert "odd number of double quotes" in str(refused(tmp_path))


def test_a_packed_file_whose_bytes_rot_is_refused(tmp_path):
    a_marketplace(tmp_path, form="csv.gz", jobs=[a_job(f"j{n}") for n in range(99)])
    path = tmp_path / "jobs.csv.gz"
    rotten = bytearray(path.read_bytes())
    rotten[len(rotten) // 2] ^= 0xFF
    path.write_bytes(rotten)
    assert "damaged" in str(refused(tmp_path))


@pytest.mark.parametrize("form", FORMS)
def test_a_file_of_another_kind_is_refused(tmp_path, form):
    a_marketplace(tmp_path, form=form, events=[])
    (tmp_path / f"jobs.{form}").write_bytes(b"\x80\x04\x95cos\nsystem\n" * 9)
    assert refused(tmp_path).violations[0].table == "jobs"


@pytest.mark.parametrize("form", ["csv", "jsonl", "csv.gz", "jsonl.gz"])
def test_text_that_is_not_utf8_is_refused_with_its_row(tmp_path, form):
    jobs = encoded([a_job("j1"), a_job("j2", title="XX")], form.removesuffix(".gz"))
    jobs = jobs.replace(b"XX", b"caf\xe9")
    a_marketplace(tmp_path, form=form)
    packed = gzip.compress(jobs) if form.endswith("gz") else jobs
    (tmp_path / f"jobs.{form}").write_bytes(packed)
    (violation,) = refused(tmp_path).violations
    assert violation.row == 2
    assert "xe9" in violation.value


@pytest.mark.parametrize("codec", ["utf-16", "utf-32"])
@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_other_unicode_encodings_are_refused(tmp_path, form, codec):
    a_marketplace(tmp_path, form=form)
    (tmp_path / f"jobs.{form}").write_bytes(encoded([a_job()], form).decode().encode(codec))
    assert refused(tmp_path).total >= 1


@pytest.mark.parametrize("row", ["j2,2024-01-01T00:00Z", "j2,2024-01-01T00:00Z,a,b"])
def test_a_csv_row_of_another_width_is_refused_and_later_rows_keep_their_number(tmp_path, row):
    a_marketplace(tmp_path, form="csv", events=[])
    text = (
        f'job_id,posted_at,title\nj1,2024-01-01T00:00Z,"a\nb"\n\n{row}\nj 3,2024-01-01T00:00Z,c\n'
    )
    (tmp_path / "jobs.csv").write_text(text)
    assert [violation.row for violation in refused(tmp_path).violations] == [2, 3]


@pytest.mark.parametrize(
    "line", ['{"job_id": "j2"', "[]", "3", "null", '{"job_id": NaN}', "[" * 9_000, '{"a": 1} {}']
)
def test_a_line_that_is_no_json_object_is_refused_and_later_rows_keep_their_number(tmp_path, line):
    a_marketplace(tmp_path, form="jsonl", events=[])
    rows = [json.dumps(a_job("j1")), "", line, json.dumps(a_job("j 3"))]
    (tmp_path / "jobs.jsonl").write_text("\n".join(rows))
    assert [violation.row for violation in refused(tmp_path).violations] == [2, 3]


def test_rows_of_hardly_a_byte_are_counted_too(tmp_path):
    a_marketplace(tmp_path, events=[])
    (tmp_path / "jobs.jsonl").write_text("{\n1\n\n2\n")
    rows = [(violation.row, violation.value) for violation in refused(tmp_path).violations[:3]]
    assert rows == [(1, r"'{\n'"), (2, r"'1\n'"), (3, r"'2\n'")]
