"""What the commands `history` and `runs` do: who was champion, and what was trained."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from matcher.errors import RegistryError
from matcher.ledger import reigns
from matcher.registry import past_runs
from matcher.succession import ledger, settle
from training.promotion_tables import print_history, print_json, print_runs

APART = ("seed", "until", "digest", "name")  # told of every run, or the same by definition


def tell_history(name: str, *, as_json: bool) -> None:
    """Print who was champion from when to when, by whom, why and with what figures.

    The record is first compared with the alias; where MLflow cannot be reached, that is said
    and the record told all the same.
    """
    findings: list[str] = []
    try:
        findings = settle(name, now=datetime.now(UTC))
    except RegistryError as error:
        findings = [f"the record could not be compared with the alias: {error}"]
    for line in findings:
        sys.stderr.write(f"warning: {line}\n")
    entries = ledger().entries(name)
    past = reigns(entries)
    if not as_json:
        print_history(name, past)
        return
    refused = [asdict(one) for one in entries if one.event == "refused"]
    content = {
        "name": name,
        "reigns": [asdict(one) for one in past],
        "refused": refused,
        "findings": findings,
    }
    print_json(content)


def tell_runs(name: str, *, last: int, as_json: bool) -> None:
    """Print the latest runs side by side, and in which parameters of the run file they differ."""
    runs = [
        {
            "run_id": run.run_id,
            "version": None if version is None else version.version,
            "aliases": [] if version is None else list(version.aliases),
            "logged_at": run.logged_at.isoformat(),
            "until": run.parameters.get("until"),
            "seed": run.parameters.get("seed"),
            "digest": run.parameters.get("digest"),
            "figures": dict(run.figures),
            "parameters": {k: v for k, v in run.parameters.items() if k not in APART},
        }
        for run, version in past_runs(name, last=last)
    ]
    differing = _differing(runs)
    if as_json:
        print_json({"name": name, "runs": runs, "differing": differing})
    else:
        print_runs(runs, differing)


def _differing(runs: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, str | None]]:
    """Parameter -> run -> value, of those that are not the same in all runs."""
    names = sorted({name for run in runs for name in run["parameters"]})
    values = {name: {run["run_id"]: run["parameters"].get(name) for run in runs} for name in names}
    return {name: by_run for name, by_run in values.items() if len(set(by_run.values())) > 1}
