"""Builds the frame of a query and the candidates found for it."""

from __future__ import annotations

import numpy as np

from matcher.candidates import Hits, Query
from matcher.codes import skill_name
from matcher.evidence import Evidence
from matcher.frame import PairFrame
from matcher.learned import Learned
from matcher.ports import Column, Rows
from matcher.retrieval.lexicon import Lexicon
from matcher.retrieval.memory import gathered, record_of
from matcher.roster import text_of
from matcher.skills import SkillFinder
from matcher.snapshot import Snapshot

# Evidence that is joined to the neighbours of another source.
NEIGHBOURS_OF = {"shortlist": "interest"}


def paired(
    query: Query,
    hits: Hits,
    *,
    snapshot: Snapshot,
    learned: Learned,
    profile_words: Lexicon,
    finder: SkillFinder,
    missed: Rows | None = None,
) -> PairFrame:
    """The pairs of a query and its hits, in the order of the hits.

    Args:
        missed: Rows below the pool's cut, appended after the hits with their own scores.
    """
    extra = np.zeros(0, np.int64) if missed is None else missed
    rows = np.concatenate([hits.rows, extra])
    versions = query.versions[rows]
    freelancers = snapshot.freelancers
    listed = sorted({skill_name(one) for one in query.job.skills})
    named = {*listed, *finder.find(text_of(query.job))}
    known = versions >= 0
    return PairFrame(
        query=query,
        snapshot=snapshot,
        constants=learned.constants,
        quality=learned.quality,
        rows=rows,
        versions=versions,
        parts={name: column[rows] for name, column in hits.parts.items()},
        fused=_fused(hits, extra),
        evidence={
            name: _joined(query, snapshot, rows, hits, name)
            for name in sorted({*hits.neighbours, *NEIGHBOURS_OF})
        },
        similarity=_cosine(query, snapshot, versions),
        overlap=_overlap(query, profile_words, versions, snapshot),
        skills=freelancers.skills.take(versions),
        wanted_skills=freelancers.skill_names.wanted(listed),
        rarity=np.array([learned.rarity(one) for one in listed]),
        named_skills=freelancers.skill_names.wanted(named),
        job_skills=snapshot.jobs.skill_names.wanted(listed),
        languages=freelancers.languages.take(np.where(known, versions, -1)),
        wanted_languages=freelancers.language_names.wanted(query.job.languages),
    )


def _fused(hits: Hits, extra: Rows) -> Column:
    below = np.full(len(extra), np.nan) if hits.standing is None else hits.standing[extra]
    return np.append(hits.scores, below).astype(np.float32)


def _joined(query: Query, snapshot: Snapshot, rows: Rows, hits: Hits, name: str) -> Evidence:
    """What is on record of a source's neighbours, for the pairs alone."""
    record = record_of(name, snapshot)
    neighbours = hits.neighbours[NEIGHBOURS_OF.get(name, name)]
    of_all = gathered(neighbours, record, snapshot=snapshot, as_of=query.as_of)
    place = np.full(len(snapshot.freelancers), -1)
    place[rows] = np.arange(len(rows))
    pair = place[of_all.pair]
    kept = pair >= 0
    return Evidence(
        pairs=len(rows),
        pair=pair[kept],
        similarity=of_all.similarity[kept],
        rank=of_all.rank[kept],
        age_days=of_all.age_days[kept],
        weight=of_all.weight[kept],
    )


def _cosine(query: Query, snapshot: Snapshot, versions: Rows) -> Column:
    """Row by row, so that a pair's similarity never depends on its neighbours in memory."""
    out = np.full(len(versions), np.nan, np.float32)
    known = np.flatnonzero(versions >= 0)
    if not np.any(query.vector) or len(known) == 0:
        return out
    vectors = snapshot.profile_vectors[versions[known]]
    similarity = np.clip((vectors * query.vector).sum(axis=1), -1, 1)
    has_words = snapshot.has_words[versions[known]]
    out[known] = np.where(has_words, similarity, np.float32(np.nan))
    return out


def _overlap(query: Query, words: Lexicon, versions: Rows, snapshot: Snapshot) -> Column:
    out = np.full(len(versions), np.nan, np.float32)
    known = np.flatnonzero(versions >= 0)
    if not query.terms or len(known) == 0:
        return out
    has_words = snapshot.has_words[versions[known]]
    overlap = words.scores_of(query.terms, versions[known])
    out[known] = np.where(has_words, overlap, np.float32(np.nan))
    return out
