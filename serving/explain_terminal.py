"""An explanation in the terminal: tables, or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
from rich.table import Table

from matcher.domain import moment_of
from matcher.listing import plain_console, printable
from matcher.store.acts import Act
from matcher.store.overrides import Override
from serving.explaining import Explanation, Families, explained

FUSED = "fused"  # not a source, but what they come to together
LEAST = 0.0005


def explain_place(
    decision_id: str, id_: str, *, bundle: Path, database: str | None, as_json: bool
) -> None:
    """Print why somebody is where a decision has them.

    Raises:
        UnknownDecisionError: No decision of this id is on record.
        NotOnListError: It neither showed nor ranked this one.
        ReplayRefusedError: Another bundle made it.
    """
    told = explained(decision_id, id_, bundle=bundle, database=database)
    if as_json:
        sys.stdout.write(json.dumps(json_of(told), ensure_ascii=False, indent=1) + "\n")
    else:
        _print(told)


def json_of(told: Explanation) -> dict[str, object]:
    """All of it, as JSON values."""
    decision, made = told.decision, told.decision.summary
    sources = _figures(told, decision.named("components"))
    explored = told.seat is not None and bool(decision.explored[told.seat])
    return {
        "decision_id": made.decision_id,
        "at": _written(made.at),
        "as_of": _written(made.as_of),
        "direction": made.direction,
        "job_id": told.id if made.direction == "jobs" else made.job_id,
        "freelancer_id": made.freelancer_id if made.direction == "jobs" else told.id,
        "position": None if told.seat is None else decision.positions[told.seat],
        "shown": len(decision.shown),
        "rank": told.rank,
        "ranked": told.ranked,
        "score": told.score,
        "policy": decision.about["policy"],
        **{name: _figure(told, name) for name in ("p_hire", "expected_value", "propensity")},
        "explored": explored,
        "factors": _figures(told, decision.named("factors")),
        "sources": [one for one in sources if one != FUSED] + ["newcomer"] * explored,
        "components": sources,
        "base": told.base,
        "families": _families(told.families),
        "factor_families": {name: _families(one) for name, one in told.of_factors.items()},
        "overrides": [_override(one) for one in told.overrides],
        "events": [_act(one) for one in told.acts],
    }


def _families(families: Families) -> list[dict[str, object]]:
    return [{"family": name, **asdict(reason)} for name, reason in families.items()]


def _override(one: Override) -> dict[str, object]:
    return {"at": _written(one.at), "by": one.by, "reason": one.reason, "order": list(one.ranking)}


def _act(one: Act) -> dict[str, object]:
    return {"event_id": one.event_id, "at": _written(one.at), "kind": one.kind, "value": one.value}


def _figure(told: Explanation, name: str) -> float | None:
    return _figures(told, {name: told.decision.figures[name]}).get(name)


def _figures(told: Explanation, columns: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Those that are known of a seat."""
    if told.seat is None:
        return {}
    found = {name: float(column[told.seat]) for name, column in columns.items()}
    return {name: value for name, value in found.items() if np.isfinite(value)}


def _print(told: Explanation) -> None:
    out, content = plain_console(), json_of(told)
    out.print(printable(_place(told, content)))
    if told.seat is None:
        out.print("it had no seat, so the row that was ranked was not kept: nothing says why")
    else:
        out.print(_likely(told, content))
        _print_families("score", told.families, base=told.base)
        for name, families in told.of_factors.items():
            _print_families(name, families, base=None)
    _print_said(told.overrides, told.acts, id_=told.id)


def _place(told: Explanation, content: Mapping[str, object]) -> str:
    seat = "no seat" if told.seat is None else f"seat {content['position']}"
    drawn = " (explored: the seat was drawn, and is no verdict)" if content["explored"] else ""
    return (
        f"{told.id}: {seat} of {content['shown']:,} in decision {content['decision_id']}{drawn}, "
        f"{told.rank:,} of {told.ranked:,} by score ({told.score:.4g}, {content['policy']})"
    )


def _likely(told: Explanation, content: Mapping[str, object]) -> str:
    known = {"p(hire)": content["p_hire"], **_figures(told, told.decision.named("factors"))}
    chances = [f"{name} {share:.1%}" for name, share in known.items() if isinstance(share, float)]
    sources = [one for one in _figures(told, told.decision.named("components")) if one != FUSED]
    return "; ".join([*chances, f"found by {', '.join(sources) or 'no source'}"])


def _print_families(what: str, families: Families, *, base: float | None) -> None:
    table = Table(box=None, pad_edge=False, show_edge=False)
    table.add_column(what, justify="right", no_wrap=True)
    table.add_column("family", no_wrap=True)
    table.add_column("why", overflow="fold")
    if base is not None:
        table.add_row(f"{base:+.3f}", "", "where everybody starts")
    silent = []
    for name, reason in families.items():
        if abs(reason.contribution) < LEAST:
            silent.append(name)
        else:
            table.add_row(f"{reason.contribution:+.3f}", name, printable(reason.text))
    out = plain_console()
    out.print()
    out.print(table)
    if silent:
        out.print(f"hardly anything from: {', '.join(silent)}")


def _print_said(overrides: Iterable[Override], acts: Iterable[Act], *, id_: str) -> None:
    lines = [(one.at, _said(one, id_)) for one in overrides]
    lines += [(one.at, _done(one)) for one in acts]
    out = plain_console()
    if lines:
        out.print()
    for at, text in sorted(lines, key=lambda line: line[0]):
        out.print(f"{_written(at)}  {printable(text)}")


def _said(one: Override, id_: str) -> str:
    if len(one.ranking) == 1:
        return f"{one.by} noted: {one.reason}"
    why = f": {one.reason}" if one.reason else ""
    return f"{one.by} put this {one.ranking.index(id_) + 1} of {len(one.ranking)}{why}"


def _done(one: Act) -> str:
    return one.kind if one.value is None else f"{one.kind} ({one.value:g})"


def _written(instant: int) -> str:
    return moment_of(instant).isoformat().replace("+00:00", "Z")
