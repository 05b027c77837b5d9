"""A shortlist in the terminal: what is made of a list, and then the list as a table or JSON."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from rich.table import Table

from matcher.domain import moment_of
from matcher.errors import UnknownFreelancerError
from matcher.listing import plain_console, printable
from matcher.store.cells import Record
from matcher.store.commands import database_url
from matcher.store.overrides import Override
from matcher.store.store import Store
from serving.shortlist import Listed, Shortlist
from serving.shortlisting import Wish, make, read


def show_shortlist(
    decision_id: str, wish: Wish, *, by: str | None, database: str | None, as_json: bool
) -> None:
    """Put on record what is wished, and print the list as people have it then.

    Raises:
        UnknownDecisionError: No decision of this id is on record.
        NotOnListError: Somebody is named whom it did not show.
        InvalidRecordError: An event or a text is none that may be kept.
        UsageError: The wish contradicts itself, or the decision cannot have a shortlist.
    """
    with Store.open(database_url(database), migrate=False) as store:
        make(store, decision_id, wish, by=by or _somebody(), at=datetime.now(UTC))
        found = read(store, decision_id)
        profiles = {one.freelancer_id: _profile(store, one.freelancer_id) for one in found.people}
    if as_json:
        sys.stdout.write(json.dumps(json_of(found, profiles), ensure_ascii=False, indent=1) + "\n")
    else:
        _print(found, profiles)


def json_of(found: Shortlist, profiles: Mapping[str, Record]) -> dict[str, object]:
    """All of it, as JSON values."""
    made = found.decision.summary
    return {
        "decision_id": made.decision_id,
        "at": _written(made.at),
        "job_id": made.job_id,
        "order": None if found.order is None else _note(found.order),
        "people": [_person(one, profiles[one.freelancer_id]) for one in found.people],
    }


def _person(one: Listed, profile: Record) -> dict[str, object]:
    standing = one.standing
    return {
        "freelancer_id": one.freelancer_id,
        "position": one.position,
        "score": one.score,
        "p_hire": one.p_hire,
        "explored": one.explored,
        "title": profile.get("title"),
        "hourly_rate_usd": profile.get("hourly_rate_usd"),
        "state": None if standing is None else standing.state,
        "since": None if standing is None else _written(standing.since),
        "notes": [_note(note) for note in one.notes],
    }


def _note(one: Override) -> dict[str, object]:
    return {"at": _written(one.at), "by": one.by, "reason": one.reason}


def _print(found: Shortlist, profiles: Mapping[str, Record]) -> None:
    table = Table(box=None, pad_edge=False, show_edge=False)
    for name in ("#", "seat", "p(hire)"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("freelancer", overflow="fold", max_width=40)
    table.add_column("state", no_wrap=True)
    table.add_column("notes", overflow="fold")
    for place, one in enumerate(found.people, start=1):
        table.add_row(
            str(place),
            str(one.position),
            "-" if one.p_hire is None else f"{one.p_hire:.1%}",
            printable(_named(one, profiles[one.freelancer_id])),
            "" if one.standing is None else one.standing.state,
            printable("\n".join(f"{note.by}: {note.reason}" for note in one.notes)),
        )
    out = plain_console()
    out.print(table if found.people else "nobody was shown")
    if found.order is not None:
        why = f": {found.order.reason}" if found.order.reason else ""
        out.print(printable(f"in the order of {found.order.by}{why}"))


def _named(one: Listed, profile: Record) -> str:
    rate = profile.get("hourly_rate_usd")
    told = [str(profile["title"])] if profile.get("title") else []
    told += [f"{rate:g} USD/h"] if isinstance(rate, float) else []
    drawn = " (explored)" if one.explored else ""
    return "\n".join([f"{one.freelancer_id}{drawn}", *([", ".join(told)] if told else [])])


def _profile(store: Store, id_: str) -> Record:
    """As of now; nothing of somebody who is deleted."""
    try:
        return store.freelancer(id_).record
    except UnknownFreelancerError:
        return {}


def _somebody() -> str:
    """The name of the account, or that it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _written(instant: int) -> str:
    return moment_of(instant).isoformat().replace("+00:00", "Z")
