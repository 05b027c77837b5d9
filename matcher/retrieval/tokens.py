"""Texts become the numbers of their tokens, as a model's own tokenizer has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Tokens = NDArray[np.int32]

AT_A_TIME = 1_000  # texts, so that a long list stays small in memory


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """A tokenizer that cuts at its model's limit and pads nothing.

    Attributes:
        prompt: What the model wants before every text.
        silence: How many tokens a text without words has.
    """

    tokenizer: Tokenizer
    prompt: str = ""
    silence: int = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "silence", len(self.tokenizer.encode(self.prompt).ids))

    def read(self, texts: Sequence[str]) -> list[Tokens]:
        """Token numbers a text."""
        found: list[Tokens] = []
        for at in range(0, len(texts), AT_A_TIME):
            asked = [self.prompt + text for text in texts[at : at + AT_A_TIME]]
            found += [np.array(of.ids, np.int32) for of in self.tokenizer.encode_batch_fast(asked)]
        return found


def well_formed(text: str) -> str:
    """A question mark for each half surrogate, which no tokenizer takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def padded(batch: Sequence[Tokens], *, pad: int, width: int) -> tuple[Tokens, NDArray[np.bool_]]:
    """[n, width] token numbers, and which of them are a text's own."""
    ids = np.full((len(batch), width), pad, np.int32)
    own = np.zeros(ids.shape, np.bool_)
    for row, tokens in enumerate(batch):
        ids[row, : len(tokens)], own[row, : len(tokens)] = tokens, True
    return ids, own
