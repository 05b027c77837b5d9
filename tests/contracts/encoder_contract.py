"""What every `Encoder` promises. Inherit, and give a fixture `encoder`."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.ports import Encoder

TEXTS = ["PostgreSQL tuning", "logo design for a bakery", "fix a React form", "PostgreSQL backup"]
ODD = {
    "half a surrogate pair": "\ud83d word",
    "NUL": "a\0b",
    "emoji": "👩‍💻 developer 🎨",
    "right to left": "מפתח תוכנה مطور",
    "combining marks": "Z̸a̷l̴g̶o̵",
    "byte order mark": "\ufeffword",
    "one endless word": "w" * 5_000,
}


class EncoderContract:
    def test_gives_one_float32_vector_of_unit_length_a_text(self, encoder: Encoder):
        vectors = encoder.encode(TEXTS)
        assert vectors.shape == (len(TEXTS), encoder.dim)
        assert vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)

    def test_keeps_the_order(self, encoder: Encoder):
        forth, back = encoder.encode(TEXTS), encoder.encode(TEXTS[::-1])
        assert np.all(np.sum(forth * back[::-1], axis=1) > 0.9999)

    def test_a_text_without_words_is_all_zeros(self, encoder: Encoder):
        vectors = encoder.encode(["", "word", " \n\t\u3000"])
        assert not vectors[[0, 2]].any()
        assert vectors[1].any()
        assert not encoder.encode(["  "]).any()

    def test_no_texts_give_no_vectors(self, encoder: Encoder):
        vectors = encoder.encode([])
        assert vectors.shape == (0, encoder.dim)
        assert vectors.dtype == np.float32

    def test_equal_texts_are_alike_to_the_bit(self, encoder: Encoder):
        vectors = encoder.encode([TEXTS[0], TEXTS[1], TEXTS[0]] * 50)
        assert np.array_equal(vectors, np.tile(vectors[:3], (50, 1)))
        assert np.array_equal(vectors[0], vectors[2])

    def test_the_same_call_gives_the_same_bytes(self, encoder: Encoder):
        assert encoder.encode(TEXTS).tobytes() == encoder.encode(TEXTS).tobytes()

    @pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
    def test_takes_any_text(self, encoder: Encoder, text: str):
        assert np.linalg.norm(encoder.encode([text])) == pytest.approx(1, abs=1e-5)

    def test_takes_a_text_of_a_hundred_kilobytes(self, encoder: Encoder):
        vectors = encoder.encode(["tuning a database " * 6_000, *TEXTS])
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)

    def test_vectors_belong_to_the_caller(self, encoder: Encoder):
        before = encoder.encode(TEXTS[:1])
        encoder.encode(TEXTS[:1])[:] = 7
        assert np.array_equal(encoder.encode(TEXTS[:1]), before)

    def test_is_named_by_a_digest(self, encoder: Encoder):
        assert encoder.digest
        assert encoder.digest == encoder.digest.strip()
