from __future__ import annotations

import logging
import multiprocessing
import sqlite3
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from matcher.retrieval import cache
from matcher.retrieval.cache import BLOCK, CachedEncoder
from tests.contracts.encoder_contract import TEXTS, EncoderContract
from tests.fakes import FakeEncoder

MANY = [f"job {n} needs skill {n % 7}" for n in range(3 * BLOCK)]


class TestCachedEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self, tmp_path):
        return CachedEncoder(FakeEncoder(), tmp_path / "vectors.sqlite")


class TestCachedEncoderInMemory(EncoderContract):
    @pytest.fixture
    def encoder(self):
        return CachedEncoder(FakeEncoder(), None)


class TestCachedSentenceTransformerEncoder(EncoderContract):
    @pytest.fixture
    def encoder(self, minilm, tmp_path):
        return CachedEncoder(minilm, tmp_path / "vectors.sqlite")


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "below" / "vectors.sqlite"


def test_making_one_touches_no_file(path):
    CachedEncoder(FakeEncoder(), path)
    assert not path.parent.exists()


def test_a_second_run_encodes_nothing_and_gives_the_same_bytes(path):
    first = CachedEncoder(FakeEncoder(), path)
    vectors = first.encode(MANY)
    second = CachedEncoder(FakeEncoder(), path)
    assert np.array_equal(second.encode(MANY[::-1])[::-1], vectors)
    assert (first.encoded, second.encoded) == (len(MANY), 0)
    assert np.array_equal(vectors, FakeEncoder().encode(MANY))


def test_only_what_is_new_is_encoded(path):
    CachedEncoder(FakeEncoder(), path).encode(MANY[:100])
    inner = FakeEncoder()
    CachedEncoder(inner, path).encode(MANY[50:120])
    assert sorted(inner.calls[0]) == sorted(MANY[100:120])


def test_equal_texts_are_encoded_once(path):
    cached = CachedEncoder(FakeEncoder(), path)
    vectors = cached.encode(TEXTS * 100)
    assert cached.encoded == len(TEXTS)
    assert np.array_equal(vectors, np.tile(FakeEncoder().encode(TEXTS), (100, 1)))


def test_vectors_of_another_encoder_are_not_taken(path):
    CachedEncoder(FakeEncoder(dim=64), path).encode(TEXTS)
    other = CachedEncoder(FakeEncoder(dim=32), path)
    assert other.encode(TEXTS).shape == (len(TEXTS), 32)
    assert other.encoded == len(TEXTS)


def test_half_surrogates_are_told_apart(path):
    cached = CachedEncoder(FakeEncoder(), path)
    cached.encode(["\ud800", "\udfff", "?"])
    assert cached.encoded == 3


class FailingEncoder(FakeEncoder):
    def encode(self, texts):
        if len(self.calls) == 2:
            raise RuntimeError("power cut")
        return super().encode(texts)


def test_a_crash_loses_no_finished_block(path):
    with pytest.raises(RuntimeError, match="power cut"):
        CachedEncoder(FailingEncoder(), path).encode(MANY)
    after = CachedEncoder(FakeEncoder(), path)
    after.encode(MANY)
    assert after.encoded == len(MANY) - 2 * BLOCK


class SlowEncoder(FakeEncoder):
    def encode(self, texts):
        time.sleep(0.01)
        return super().encode(texts)


def _encode(path: Path, start: int, answers: multiprocessing.Queue) -> None:
    cached = CachedEncoder(SlowEncoder(), path)
    vectors = cached.encode(MANY[start : start + 2 * BLOCK])
    answers.put((start, vectors, cached.encoded))


def test_two_processes_may_use_one_file(path):
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    processes = [context.Process(target=_encode, args=(path, n, answers)) for n in (0, BLOCK)]
    for process in processes:
        process.start()
    expected = FakeEncoder().encode(MANY)
    for start, vectors, _ in [answers.get(timeout=20) for _ in processes]:
        assert np.array_equal(vectors, expected[start : start + 2 * BLOCK])
    for process in processes:
        process.join(timeout=20)
        assert process.exitcode == 0
    third = CachedEncoder(FakeEncoder(), path)
    third.encode(MANY)
    assert third.encoded == 0


def test_threads_may_share_one(path):
    cached = CachedEncoder(FakeEncoder(), path)
    expected, found = FakeEncoder().encode(MANY[:210]), {}

    def work(start: int) -> None:
        for at in range(start, 200, 5):
            found[start, at] = cached.encode(MANY[at : at + 5])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for (_, at), vectors in found.items():
        assert np.array_equal(vectors, expected[at : at + 5])


def test_where_two_meet_the_vector_kept_first_is_returned_by_both(path):
    class Rival(FakeEncoder):
        def encode(self, texts):
            CachedEncoder(FakeEncoder(), path).encode(texts)  # is quicker
            return -super().encode(texts)

    assert np.array_equal(CachedEncoder(Rival(), path).encode(TEXTS), FakeEncoder().encode(TEXTS))


def _garbage(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 500)


def _cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _torn(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(16_384)
        file.write(b"\xff" * (size - 16_384))


def _of_another_program(path: Path) -> None:
    path.unlink()
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE vectors (encoder, text, vector)")
    db.commit()
    db.close()


def _of_another_version(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version = 99")
    db.commit()
    db.close()


@pytest.mark.parametrize(
    "spoil", [_garbage, _cut_short, _torn, _of_another_program, _of_another_version]
)
def test_a_damaged_file_is_set_aside_and_made_again(path, spoil, caplog):
    CachedEncoder(FakeEncoder(), path).encode(MANY)
    spoil(path)
    spoilt = path.read_bytes()
    with caplog.at_level(logging.WARNING):
        vectors = CachedEncoder(FakeEncoder(), path).encode(MANY)
    assert np.array_equal(vectors, FakeEncoder().encode(MANY))
    assert [record.getMessage().count("set aside") for record in caplog.records] == [1]
    assert len(spoilt) == path.with_name("vectors.sqlite.damaged").stat().st_size
    again = CachedEncoder(FakeEncoder(), path)
    again.encode(MANY)
    assert again.encoded == 0


def test_an_empty_file_is_simply_filled(path, caplog):
    path.parent.mkdir()
    path.touch()
    CachedEncoder(FakeEncoder(), path).encode(TEXTS)
    assert not caplog.records


@pytest.mark.parametrize(
    "blob", [b"", b"abc", b"\0" * 60, b"\xff" * 256, b"\x01" * 256, b"\x7f" * 256]
)
def test_a_vector_that_is_none_is_encoded_again(path, blob):
    CachedEncoder(FakeEncoder(), path).encode(TEXTS)
    db = sqlite3.connect(path)
    db.execute("UPDATE vectors SET vector = ? WHERE rowid = 1", (blob,))
    db.commit()
    db.close()
    for encoded in (1, 0):
        cached = CachedEncoder(FakeEncoder(), path)
        assert np.array_equal(cached.encode(TEXTS), FakeEncoder().encode(TEXTS))
        assert cached.encoded == encoded


def test_a_place_that_cannot_be_written_costs_only_time(tmp_path, caplog):
    (tmp_path / "file").write_text("in the way")
    cached = CachedEncoder(FakeEncoder(), tmp_path / "file" / "vectors.sqlite")
    for _ in range(2):
        assert np.array_equal(cached.encode(MANY[:20]), FakeEncoder().encode(MANY[:20]))
    assert [
        record.getMessage().startswith("vectors are not kept") for record in caplog.records
    ] == [True]


def test_a_locked_file_costs_only_time(path, caplog, monkeypatch):
    CachedEncoder(FakeEncoder(), path).encode(TEXTS)
    monkeypatch.setattr(cache, "BUSY_S", 0.01)
    db = sqlite3.connect(path)
    db.execute("BEGIN IMMEDIATE")
    cached = CachedEncoder(FakeEncoder(), path)
    assert np.array_equal(cached.encode(MANY[:9]), FakeEncoder().encode(MANY[:9]))
    db.close()
    assert "not kept" in caplog.text


def test_a_live_text_is_answered_from_memory(path, monkeypatch):
    cached = CachedEncoder(FakeEncoder(), path, recent=2)
    first = cached.encode(TEXTS[:1])
    path.unlink()
    assert np.array_equal(cached.encode(TEXTS[:1]), first)
    assert cached.encoded == 1


def test_memory_holds_the_most_recent_texts_only():
    cached = CachedEncoder(FakeEncoder(), None, recent=2)
    for text in ("one", "two", "one", "three", "one", "two"):
        cached.encode([text])
    assert [call for (call,) in cached.encoder.calls] == ["one", "two", "three", "two"]
