"""What the command `simulate` does, apart from its options."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from math import isfinite
from pathlib import Path

from rich.console import Console
from rich.table import Table

from matcher.progress import progress
from training.simulate.export import check_output, write
from training.simulate.moments import Moment, moments
from training.simulate.parameters import (
    FROZEN_FREELANCERS,
    FROZEN_JOBS,
    Parameters,
    read_parameters,
    resized,
)
from training.simulate.recording import simulate


def simulate_market(
    out: Path,
    *,
    config: Path | None,
    freelancers: int | None,
    jobs: int | None,
    seed: int,
    report: bool,
    as_json: bool,
    force: bool,
) -> None:
    """Simulate, write, and print the path or the report.

    Raises:
        OutputExistsError: `out` is there, and `force` is not given.
        UsageError: `out` cannot be written or is something else, or a size is out of bounds.
    """
    check_output(out, force=force)
    parameters = sized(config, freelancers=freelancers, jobs=jobs)
    with progress("Simulating", total=parameters.days) as advance:
        market = simulate(parameters, seed=seed, progress=lambda *_: advance(1))
    write(market, out, force=force)
    if not report:
        sys.stdout.write(f"{json.dumps({'directory': str(out)}) if as_json else out}\n")
        return
    found = moments(market, parameters)
    if as_json:
        sys.stdout.write(json.dumps(_as_json(found, seed=seed), indent=1) + "\n")
    else:
        print_moments(found, parameters)


def sized(config: Path | None, *, freelancers: int | None, jobs: int | None) -> Parameters:
    """The parameters of a market file, or the defaults, with other sizes where they are given.

    Raises:
        UsageError: The file is no market file, or a size is out of bounds.
    """
    given = Parameters() if config is None else read_parameters(config)
    sizes = {"freelancers": freelancers, "jobs": jobs}
    return resized(given, {name: n for name, n in sizes.items() if n is not None})


def print_moments(found: Sequence[Moment], parameters: Parameters) -> None:
    """A table on stdout; what lies outside its tolerance is marked, and what is merely set."""
    table = Table(title="The simulated market beside published ones", title_justify="left")
    for heading in ("figure", "target", "tolerance", "simulated", "", "is", "source"):
        is_words = heading in {"figure", "is", "source"}
        table.add_column(heading, justify="left" if is_words else "right")
    for moment in found:
        table.add_row(
            moment.name,
            f"{moment.target:,.2f}",
            f"±{moment.tolerance:,.3g}",
            f"{moment.value:,.3f}" if isfinite(moment.value) else "unknown",
            "" if moment.is_met else "outside",
            "set" if moment.is_set else "",
            moment.source,
        )
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 150)
    console.print(table)
    if parameters.freelancers < FROZEN_FREELANCERS or parameters.jobs < FROZEN_JOBS:
        console.print(
            f"Calibrated at {FROZEN_FREELANCERS:,} freelancers and {FROZEN_JOBS:,} jobs; in a"
            " smaller market some figures lie outside, see Calibration in"
            " training/simulate/README.md."
        )


def _as_json(found: Sequence[Moment], *, seed: int) -> dict[str, object]:
    rows = [
        {
            **asdict(moment),
            "value": moment.value if isfinite(moment.value) else None,
            "is_met": moment.is_met,
        }
        for moment in found
    ]
    return {"seed": seed, "moments": rows}
