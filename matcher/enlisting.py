"""People and jobs that come later, after those that are there: no row that is known moves.

What is there is shared or copied column by column, never worked out anew.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from matcher.codes import Codes
from matcher.outgrown import Outgrown
from matcher.ports import Rows
from matcher.roster import Freelancers, Jobs

_NUMBERS = ("rate", "offset", "weekly_hours", "platform_mean", "platform_count")


def with_profiles(
    known: Freelancers, table: pd.DataFrame, *, deleted: Collection[str]
) -> Freelancers:
    """The same people with more versions of their profiles, and new ones behind them.

    Whoever has a new version has all of them at the end, oldest first.

    Args:
        table: Rows of a `freelancers` table; of one that is known, none that is known.
        deleted: Those of the table, or of before, who are on no list from now on.

    Raises:
        Outgrown: A version replaces one that is known, or somebody joined at another time.
    """
    if len(table) == 0 and not deleted:
        return known
    new = Freelancers.of(table)
    grown = _with_versions(known, new) if len(new) else known
    mask = np.append(known.deleted, np.zeros(len(grown) - len(known), np.bool_))
    mask[[grown.rows[one] for one in new.ids]] = False
    mask[[grown.rows[one] for one in deleted]] = True
    return replace(grown, deleted=mask)


def with_postings(known: Jobs, table: pd.DataFrame) -> tuple[Jobs, Rows]:
    """The same jobs with new ones behind them, and rows of those whose terms changed.

    Args:
        table: Rows of a `jobs` table; one that is known may have other terms.

    Raises:
        Outgrown: A job was posted before one that is known, or is about something else now.
    """
    if len(table) == 0:
        return known, np.zeros(0, np.int64)
    new = Jobs.of(table)
    rows = np.array([known.rows.get(job.job_id or "", -1) for job in new.records], np.int64)
    fresh, changed = np.flatnonzero(rows < 0), np.flatnonzero(rows >= 0)
    for place in changed:
        _refuse_another(known, int(rows[place]), new, int(place))
    if len(fresh) and len(known):
        first, last = new.records[fresh[0]], known.records[-1]
        at = (int(new.posted_at[fresh[0]]), first.job_id or "")
        if at <= (int(known.posted_at[-1]), last.job_id or ""):
            raise Outgrown("a job that was posted before another")
    records = [*known.records, *(new.records[place] for place in fresh)]
    for place in changed:
        records[rows[place]] = new.records[place]
    clients, client = _joined(known.clients, new.clients)
    categories, category = _joined(known.categories, new.categories)
    if len(categories) > len(known.categories):
        raise Outgrown("a category of its own")  # shares over all of them are summed in order
    skill_names, skill = _joined(known.skill_names, new.skill_names)
    grown = Jobs(
        records=tuple(records),
        posted_at=np.append(known.posted_at, new.posted_at[fresh]),
        texts=(*known.texts, *(new.texts[place] for place in fresh)),
        client=np.append(known.client, renumbered(new.client[fresh], client)),
        clients=clients,
        category=np.append(known.category, renumbered(new.category[fresh], category)),
        categories=categories,
        skills=known.skills.followed(new.skills.take(fresh).numbered(skill)),
        skill_names=skill_names,
        rows=known.rows
        | {new.records[place].job_id or "": row for row, place in enumerate(fresh, len(known))},
    )
    return grown, rows[changed]


def placed(name_of: Callable[[int], str], place: Rows, names: Sequence[str]) -> Rows:
    """[n + k] places in the order of names, once k more follow n.

    Args:
        name_of: The name of one of the n rows.
        place: [n] place of each row.
        names: The k new ones, by row.
    """
    order = np.empty(len(place), np.int64)
    order[place] = np.arange(len(place))

    def nth(rank: int) -> str:
        return name_of(int(order[rank]))

    ranks = np.array([bisect_left(range(len(place)), one, key=nth) for one in names], np.int64)
    shifted = place + np.searchsorted(np.sort(ranks), place, side="right")
    among = np.argsort(np.argsort(np.array(names, object), kind="stable"), kind="stable")
    return np.append(shifted, ranks + among)


def _with_versions(known: Freelancers, new: Freelancers) -> Freelancers:
    rows = np.array([known.rows.get(one, -1) for one in new.ids], np.int64)
    size = len(known.valid_from)
    taken, starts, stops = list[int](), known.starts.copy(), known.stops.copy()
    joined, more = known.joined_at.copy(), list[int]()
    begins = {}
    for place, row in enumerate(rows.tolist()):
        mine = range(size + int(new.starts[place]), size + int(new.stops[place]))
        versions = [*range(*_span(known, row)), *mine] if row >= 0 else list(mine)
        at = [_valid_from(known, new, one) for one in versions]
        if len(set(at)) < len(at):
            raise Outgrown("another profile from the same instant")
        versions = [versions[one] for one in np.argsort(at)]
        if row >= 0 and versions[0] != known.starts[row]:
            raise Outgrown("a profile before the first one")
        begins[place] = (size + len(taken), size + len(taken) + len(versions))
        taken += versions
        if row < 0:
            more.append(place)
    for place, (start, stop) in begins.items():
        row = int(rows[place])
        if row >= 0:
            starts[row], stops[row] = start, stop
    ids = (*known.ids, *(new.ids[place] for place in more))
    return _gathered(
        known,
        new,
        np.array(taken, np.int64),
        ids=ids,
        joined_at=np.append(joined, new.joined_at[more]),
        starts=np.append(starts, [begins[place][0] for place in more]).astype(np.int64),
        stops=np.append(stops, [begins[place][1] for place in more]).astype(np.int64),
        place=placed(known.ids.__getitem__, known.places, [new.ids[one] for one in more])
        if more
        else known.place,
        rows=known.rows | {new.ids[place]: row for row, place in enumerate(more, len(known))},
    )


def _gathered(
    known: Freelancers,
    new: Freelancers,
    taken: Rows,
    *,
    ids: tuple[str, ...],
    joined_at: Rows,
    starts: Rows,
    stops: Rows,
    place: Rows | None,
    rows: dict[str, int],
) -> Freelancers:
    """The versions of before and behind them those `taken`, of before or new."""
    countries, country = _joined(known.countries, new.countries)
    skill_names, skill = _joined(known.skill_names, new.skill_names)
    language_names, language = _joined(known.language_names, new.language_names)
    every_text, every_title = (*known.texts, *new.texts), (*known.titles, *new.titles)
    skills = known.skills.followed(new.skills.numbered(skill))
    languages = known.languages.followed(new.languages.numbered(language))

    def column(name: str) -> np.ndarray:
        before = getattr(known, name)
        return np.append(before, np.append(before, getattr(new, name))[taken])

    every_country = np.append(known.country, renumbered(new.country, country))
    numbers = {name: column(name) for name in _NUMBERS}
    return Freelancers(
        ids=ids,
        joined_at=joined_at,
        starts=starts,
        stops=stops,
        valid_from=column("valid_from"),
        texts=(*known.texts, *(every_text[one] for one in taken)),
        titles=(*known.titles, *(every_title[one] for one in taken)),
        **numbers,
        country=np.append(known.country, every_country[taken]),
        countries=countries,
        skills=known.skills.followed(skills.take(taken)),
        skill_names=skill_names,
        languages=known.languages.followed(languages.take(taken)),
        language_names=language_names,
        deleted=np.append(known.deleted, np.zeros(len(ids) - len(known), np.bool_)),
        rows=rows,
        place=place,
    )


def _refuse_another(known: Jobs, row: int, new: Jobs, place: int) -> None:
    """Raise `Outgrown` unless a job differs in terms that nothing else is counted by."""
    before, after = known.records[row], new.records[place]
    same = (
        before.posted_at == after.posted_at
        and before.client_id == after.client_id
        and before.category == after.category
        and before.skills == after.skills
        and known.texts[row] == new.texts[place]
    )
    if not same:
        raise Outgrown("a job that is about something else now")


def _joined(known: Codes, new: Codes) -> tuple[Codes, Rows]:
    """The names of both, and the number of each of the new."""
    grown = known.grown(new.names)
    return grown, grown.column(new.names)


def renumbered(codes: Rows, numbers: Rows) -> Rows:
    """Codes under other numbers; -1 stays."""
    return np.append(numbers, -1)[codes]


def _span(known: Freelancers, row: int) -> tuple[int, int]:
    return int(known.starts[row]), int(known.stops[row])


def _valid_from(known: Freelancers, new: Freelancers, version: int) -> int:
    size = len(known.valid_from)
    return int(known.valid_from[version] if version < size else new.valid_from[version - size])
