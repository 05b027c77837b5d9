"""Who is champion: the alias in the registry and the record of it, moved together.

What serves is what the alias points at; the record says so. A move is written as
intended, made, and written as moved, under a lock. A process that dies between leaves
an intention without an end, and whoever comes next writes down what the alias tells:
it was moved, or it was abandoned. An alias that somebody moved otherwise is written
down as found. Nothing here moves an alias to fit the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from matcher.errors import BundleError, PromotionRefusedError, RollbackRefusedError
from matcher.ledger import Entry, Event, How, Ledger, Reign, reigns
from matcher.manifest import verified
from matcher.registry import Registered, drop_alias, fetch, holder, set_alias
from matcher.tracking import beside_store


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Who moves a champion, and why.

    Attributes:
        figures: What the comparison came to.
    """

    how: How
    by: str
    why: str | None
    at: datetime
    figures: Mapping[str, object] = field(default_factory=dict)


def ledger() -> Ledger:
    """The record of the registry in use, beside its store."""
    return Ledger(beside_store("champions.db"))


def settle(name: str, *, now: datetime) -> list[str]:
    """Write down what the alias tells and the record does not; each finding in words.

    Raises:
        LedgerError: The record is damaged, or cannot be written.
        RegistryError: MLflow cannot be reached.
    """
    with ledger().locked():
        return _settled(name, holder(name, "champion"), now=now)


def crown(candidate: Registered, *, instead_of: Registered | None, decision: Decision) -> None:
    """Point `champion` at a version and write it down.

    Args:
        instead_of: The champion that the decision was made against.

    Raises:
        PromotionRefusedError: Another is champion by now.
        LedgerError: The record is damaged, or cannot be written.
        BundleError: The registry does not hold it as it was registered.
        RegistryError: MLflow cannot be reached.
    """
    _unchanged(candidate.name, candidate)
    with ledger().locked():
        held = holder(candidate.name, "champion")
        _settled(candidate.name, held, now=decision.at)
        if _same(held) != _same(instead_of):
            raise PromotionRefusedError(
                f"{_told(instead_of)} was champion of {candidate.name} when the comparison began, "
                f"{_told(held)} is now; run it again to compare with that one"
            )
        _move(candidate, decision)
        if "challenger" in candidate.aliases:
            drop_alias(candidate.name, "challenger")


def refuse(candidate: Registered, decision: Decision) -> None:
    """Point `challenger` at a candidate that was not promoted, and write it down.

    Raises:
        LedgerError: The record is damaged, or cannot be written.
        RegistryError: MLflow cannot be reached.
    """
    set_alias(candidate.name, "challenger", candidate.version)
    ledger().append(_entry("refused", candidate, decision))


def roll_back(name: str, *, to: str | None, decision: Decision) -> tuple[Reign, Path]:
    """Make an earlier champion champion again; its reign and its bundle.

    Args:
        to: Its version; by default the champion before the current one. Repeated, this
            walks further back.

    Raises:
        RollbackRefusedError: There is none, or `to` is champion or never was.
        BundleError: The registry does not hold it as it was.
        LedgerError: The record is damaged, or cannot be written.
        RegistryError: MLflow cannot be reached.
    """
    record = ledger()
    with record.locked():
        held = holder(name, "champion")
        _settled(name, held, now=decision.at)
        chosen = _chosen(name, reigns(record.entries(name)), to=to)
        bundle = _unchanged(name, chosen)
        target = Registered(
            name=name,
            version=str(chosen.version),
            digest=chosen.digest or "",
            run_id=None,
            aliases=(),
        )
        _move(target, decision)
    return chosen, bundle


def line(past: tuple[Reign, ...]) -> list[Reign]:
    """Who may be returned to step by step, earliest first; the last is champion.

    A promotion adds to it. A return takes away all that came after the one returned to.
    """
    out: list[Reign] = []
    for reign in past:
        places = [at for at, one in enumerate(out) if _same(one) == _same(reign)]
        if reign.how != "promotion" and places:
            del out[places[-1] :]
        out.append(reign)
    return out


def _chosen(name: str, past: tuple[Reign, ...], *, to: str | None) -> Reign:
    if to is None:
        before = line(past)[:-1]
        earlier = [one for one in before if one.version and _same(one) != _same(past[-1])]
    else:
        earlier = [one for one in past if one.version == to]
    if not earlier:
        wanted = (
            "no champion before the current one" if to is None else f"no champion of version {to}"
        )
        known = ", ".join(dict.fromkeys(one.version for one in past if one.version)) or "none"
        raise RollbackRefusedError(
            f"the record of {name} knows {wanted} to go back to (champions so far, by version: "
            f"{known}); see matcher history"
        )
    if _same(earlier[-1]) == _same(past[-1]):
        raise RollbackRefusedError(f"version {to} of {name} is champion now; name an earlier one")
    return earlier[-1]


def _unchanged(name: str, one: Registered | Reign) -> Path:
    """The registry's copy of a bundle, every file verified."""
    bundle = fetch(name, version=one.version)
    _, digest = verified(bundle)
    if digest != one.digest:
        raise BundleError(
            f"version {one.version} of {name} is expected to have digest {one.digest or 'none':.12}"
            f", {bundle} has {digest:.12}; restore the registry from a backup"
        )
    return bundle


def _move(target: Registered, decision: Decision) -> None:
    record = ledger()
    record.append(_entry("intended", target, decision))
    set_alias(target.name, "champion", target.version)
    record.append(_entry("moved", target, decision))


def _settled(name: str, held: Registered | None, *, now: datetime) -> list[str]:
    """Under the lock: end an intention that has no end, and write down a stranger's move."""
    record = ledger()
    said: list[str] = []
    moves = [one for one in record.entries(name) if one.event != "refused"]
    last = moves[-1] if moves else None
    if last is not None and last.event == "intended":
        came_about = _same(last) == _same(held)
        record.append(replace(last, event="moved" if came_about else "abandoned"))
        said.append(
            f"a {last.how} of version {last.version} of {name} by {last.by} was cut short at "
            f"{last.at}; it {'had' if came_about else 'had not'} moved the champion, and the "
            "record now says so"
        )
    past = reigns(record.entries(name))
    recorded = past[-1] if past else None
    if _same(recorded) != _same(held):
        version, digest = _same(held)
        why = f"the record said {_told(recorded)}"
        record.append(
            Entry(
                event="found",
                name=name,
                at=_written(now),
                version=version,
                digest=digest,
                why=f"the alias was moved by other means; {why}",
            )
        )
        said.append(
            f"{_told(held)} is champion of {name}, {why}: the alias was moved by other means than "
            "matcher promote and rollback, and the record now says so"
        )
    return said


def _entry(event: Event, target: Registered, decision: Decision) -> Entry:
    return Entry(
        event=event,
        name=target.name,
        at=_written(decision.at),
        version=target.version,
        digest=target.digest,
        how=decision.how,
        by=_writable(decision.by),
        why=None if decision.why is None else _writable(decision.why),
        figures=decision.figures,
    )


def _same(one: Registered | Reign | Entry | None) -> tuple[str | None, str | None]:
    """What tells a champion from another: numbers begin anew where a registry does."""
    return (None, None) if one is None else (one.version, one.digest or None)


def _told(one: Registered | Reign | None) -> str:
    return "nobody" if one is None or one.version is None else f"version {one.version}"


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _writable(text: str) -> str:
    """Without what came from a command line as bytes that are no text."""
    return text.encode("utf-8", "replace").decode("utf-8")
