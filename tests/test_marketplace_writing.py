"""A marketplace is written whole or not at all, and never over something else."""

from __future__ import annotations

import pytest

from matcher.errors import OutputExistsError, UsageError
from matcher.marketplace import read_marketplace, write_marketplace
from tests.marketplace_builders import FORMS, a_job, a_marketplace


def test_an_output_that_exists_is_kept_unless_forced(tmp_path):
    marketplace = read_marketplace(a_marketplace(tmp_path / "in"))
    out = tmp_path / "deep" / "out"
    write_marketplace(marketplace, out)
    (out / "truth.parquet").write_bytes(b"stale")
    with pytest.raises(OutputExistsError, match="already exists; pass --force"):
        write_marketplace(marketplace, out)
    write_marketplace(marketplace, out, form="csv", force=True)
    assert sorted(path.name for path in out.iterdir()) == [
        "events.csv",
        "freelancers.csv",
        "jobs.csv",
    ]
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_force_replaces_nothing_but_a_marketplace(tmp_path):
    marketplace = read_marketplace(a_marketplace(tmp_path / "in"))
    home = a_marketplace(tmp_path / "home")
    (home / "photos").mkdir()
    for path in (tmp_path, home, home / "jobs.jsonl"):
        with pytest.raises(UsageError, match="is no marketplace directory"):
            write_marketplace(marketplace, path, force=True)
    assert (home / "photos").is_dir()


def test_a_write_that_fails_leaves_what_was_there(tmp_path):
    old = read_marketplace(a_marketplace(tmp_path / "in"))
    new = read_marketplace(a_marketplace(tmp_path / "new", jobs=[a_job(skills=["a|b"])]))
    out = tmp_path / "out"
    write_marketplace(old, out)
    with pytest.raises(UsageError, match=r"column skills holds a '\|', which separates items"):
        write_marketplace(new, out, form="csv", force=True)
    assert read_marketplace(out).jobs.equals(old.jobs)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "new", "out"]


def test_an_unknown_form_is_refused(tmp_path):
    marketplace = read_marketplace(a_marketplace(tmp_path / "in"))
    with pytest.raises(UsageError, match="no form 'pickle' is known; choose one of parquet"):
        write_marketplace(marketplace, tmp_path / "out", form="pickle")


@pytest.mark.parametrize("form", FORMS)
def test_equal_content_gives_equal_bytes(tmp_path, form):
    jobs = [a_job("j1", extra="x"), a_job("j2", extra="y")]
    one = read_marketplace(a_marketplace(tmp_path / "a", jobs=jobs))
    two = read_marketplace(a_marketplace(tmp_path / "b", form="csv.gz", jobs=jobs[::-1]))
    write_marketplace(one, tmp_path / "one", form=form)
    write_marketplace(two, tmp_path / "two", form=form)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
