"""What `matcher erase` and `matcher erased` do, apart from their options."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from matcher.domain import moment_of
from matcher.erasure_errors import ErasureUnfinishedError
from matcher.errors import UsageError
from matcher.store.commands import database_url
from matcher.store.erasing import Progress
from matcher.store.erasure import Erasure, Known
from matcher.store.holding import Holding, holdings
from matcher.store.store import Store

TRIES, PAUSE_S = 20, 0.25


def erase_person(id_: str | None, *, finish: bool, database: str | None, as_json: bool) -> None:
    """Ask for an erasure, if one is named, and bring all that were asked for to their end.

    Raises:
        UsageError: Nobody is named, or both an id and `--finish`.
        UnknownFreelancerError: There never was one of this id.
        ErasureUnfinishedError: A reader holds on to what is left in the files.
    """
    if (id_ is None) != finish:
        raise UsageError("name either an id or --finish")
    with Store.open(database_url(database)) as store:
        asked = None if id_ is None else store.erasures.ask(id_).erasure
        waiting = _finish(store)
        left = store.erasures.unfinished()
        number = None if asked is None else asked.number
        name = store.name
    if as_json:
        told = {"database": name, "erasure": number, "unfinished": [one.number for one in left]}
        sys.stdout.write(json.dumps(told) + "\n")
    else:
        which = "" if number is None else f"erasure {number:,}: "
        sys.stdout.write(f"{name}: {which}{len(left):,} erasures left to finish\n")
    if waiting:
        raise ErasureUnfinishedError(waiting)


def tell_erased(
    id_: str,
    *,
    bundles: Sequence[Path],
    with_registry: bool,
    database: str | None,
    as_json: bool,
) -> None:
    """Tell what a store knows of an erased id, and who else holds the person.

    Raises:
        UnknownErasureError: Nobody of this id was ever erased.
        BundleError: One of the bundles is none.
    """
    with Store.open(database_url(database), migrate=False) as store:
        known, name = store.erasures.known(id_), store.name
    found = holdings(id_, bundles, with_registry=with_registry)
    if as_json:
        told = {
            "database": name,
            "erasures": [_figures(one) for one in known.erasures],
            "has_returned": known.has_returned,
            "bundles": [asdict(one) for one in found],
        }
        sys.stdout.write(json.dumps(told) + "\n")
        return
    _tell(known, found)


def _finish(store: Store) -> tuple[int, ...]:
    """Go on until all is done; the numbers of those that a reader keeps from it."""
    progress = Progress()
    for _ in range(TRIES):
        progress = store.erasures.finish(rewritten=progress.rewritten)
        if not progress.waiting:
            break
        time.sleep(PAUSE_S)
    return progress.waiting


def _tell(known: Known, found: Sequence[Holding]) -> None:
    lines = [line for one in known.erasures for line in _lines(one)]
    returned = "a new person has this id by now" if known.has_returned else "nobody has this id"
    lines.append(returned)
    for one in found:
        word = "holds the person: train it anew" if one.holds else "does not hold the person"
        lines.append(f"bundle {one.bundle} ({one.digest[:12]}) {word}")
    sys.stdout.write("\n".join(lines) + "\n")


def _lines(one: Erasure) -> list[str]:
    done = "not yet" if one.done_at is None else _moment(one.done_at)
    lines = [
        f"erasure {one.number:,}: {one.state}; asked {_moment(one.asked_at)}, removed {done}",
        f"  removed: {_counted(one.removed)}",
    ]
    if one.bundles:
        lines.append("  bundles that saw the person: " + ", ".join(d[:12] for d in one.bundles))
    return lines


def _counted(removed: Mapping[str, int]) -> str:
    """Rows by table, those of none left out."""
    return ", ".join(f"{n:,} {table}" for table, n in sorted(removed.items()) if n) or "nothing"


def _figures(one: Erasure) -> dict[str, object]:
    moments = {
        name: None if at is None else _moment(at)
        for name, at in (("asked_at", one.asked_at), ("done_at", one.done_at))
    }
    return {**asdict(one), **moments}


def _moment(at: int) -> str:
    return moment_of(at).isoformat()
