"""How alike a query and documents are, by the encoder alone: meaning of words, no outcomes.

The shape of request and answer is the one that reranking APIs share.

Source: Cohere, Rerank API (docs.cohere.com/reference/rerank); Jina AI, Reranker API
(jina.ai/reranker)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated
from uuid import UUID, uuid4

import numpy as np
from pydantic import BeforeValidator, Field

from matcher.ports import Encoder, Vectors
from matcher.records import WHOLE, Text
from matcher.text import TEXT_LIMIT
from serving.filters import Closed

MOST_DOCUMENTS = 1_000
BLOCK = 64  # texts that are encoded between two looks at whether anybody still waits
NAMED = 20  # documents without words that a warning names


class DocumentRecord(Closed):
    """A document as an object."""

    text: Text


def _as_object(document: object) -> object:
    if isinstance(document, str):
        return {"text": document}
    if isinstance(document, Mapping | DocumentRecord):
        return document
    raise ValueError('a text, or an object `{"text": ...}`')


Document = Annotated[
    DocumentRecord, BeforeValidator(_as_object, json_schema_input_type=Text | DocumentRecord)
]


class RerankRequest(Closed):
    """A query, and the documents that are to be put in its order.

    Attributes:
        documents: Texts, or objects with a `text`; of each the first 20,000 characters are read.
        top_n: How many of the best come back; all by default.
        return_documents: Whether each result repeats its document.
        model: Taken and not looked at, for other services want one: the bundle's encoder answers.
    """

    query: Text
    documents: Annotated[tuple[Document, ...], Field(max_length=MOST_DOCUMENTS)]
    top_n: Annotated[int, Field(strict=True, ge=1), WHOLE] | None = None
    return_documents: Annotated[bool, Field(strict=True)] = False
    model: Text | None = None


class RelevanceRecord(Closed):
    """One document; `index` is its place in the request, `document` there if it was asked for."""

    index: int
    relevance_score: Annotated[float, Field(ge=0, le=1)]
    document: DocumentRecord | None = None


class RerankAnswer(Closed):
    """Documents, most alike first; ties by `index`. `model` is the bundle's name."""

    id: UUID
    model: str
    results: tuple[RelevanceRecord, ...]
    warnings: tuple[str, ...]


def _go_on() -> None:
    """Nothing stops the work."""


def reranked(
    request: RerankRequest,
    *,
    encoder: Encoder,
    model: str,
    heed: Callable[[], None] = _go_on,
) -> RerankAnswer:
    """The documents in the order of the query.

    Args:
        heed: Called again and again; raises what is to stop the work.
    """
    texts = [one.text[:TEXT_LIMIT] for one in request.documents]
    scores, wordless = relevance(request.query[:TEXT_LIMIT], texts, encoder=encoder, heed=heed)
    order = sorted(range(len(texts)), key=lambda index: (-scores[index], index))
    return RerankAnswer(
        id=uuid4(),
        model=model,
        results=tuple(
            RelevanceRecord(
                index=index,
                relevance_score=scores[index],
                document=request.documents[index] if request.return_documents else None,
            )
            for index in order[: request.top_n]
        ),
        warnings=_warnings(wordless, of=len(texts)),
    )


def relevance(
    query: str,
    documents: Sequence[str],
    *,
    encoder: Encoder,
    heed: Callable[[], None] = _go_on,
) -> tuple[list[float], list[int]]:
    """Cosine of query and each document, 0 where it is negative; and which have no words.

    Equal texts are encoded once, and score the same to the last bit.

    Args:
        heed: As in `reranked`.

    Returns:
        [n] scores in 0..1, and places of texts without words, ascending: -1 is the query.
    """
    if not documents:
        return [], []
    distinct = list(dict.fromkeys([query, *documents]))
    vectors = _vectors(distinct, encoder=encoder, heed=heed)  # unit length, or zeros
    cosines = np.clip(vectors @ vectors[0], 0, 1).tolist()
    row = {text: number for number, text in enumerate(distinct)}
    silent = np.logical_not(vectors.any(axis=1)).tolist()
    wordless = [at for at, text in enumerate([query, *documents], start=-1) if silent[row[text]]]
    return [cosines[row[text]] for text in documents], wordless


def _vectors(texts: Sequence[str], *, encoder: Encoder, heed: Callable[[], None]) -> Vectors:
    """[n, dim] float32, a block at a time."""
    found = []
    for start in range(0, len(texts), BLOCK):
        heed()
        found.append(encoder.encode(texts[start : start + BLOCK]))
    return np.concatenate(found)


def _warnings(wordless: Sequence[int], *, of: int) -> tuple[str, ...]:
    """In a sentence each: what has no words, so that its scores say nothing."""
    said = []
    if -1 in wordless:
        said.append("the query has no words, so every document scores 0, in the order sent")
    documents = [at for at in wordless if at >= 0]
    if documents:
        named = ", ".join(map(str, documents[:NAMED])) + ", ..." * (len(documents) > NAMED)
        said.append(f"{len(documents):,} of {of:,} documents have no words and score 0: {named}")
    return tuple(said)
