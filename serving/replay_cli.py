"""`matcher replay`: a decision made again from the bundle and the log, and compared."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def replay(
    decision_id: Annotated[str, typer.Argument(help="The decision, as its answer named it.")],
    bundle: Annotated[Path, typer.Option(help="The bundle that made it.")],
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            "--database-url",
            help="sqlite:///FILE or postgresql://... (default: matcher.db under MATCHER_HOME).",
            show_default=False,
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make a decision again from the bundle and the log alone, and compare it bit for bit.

    However much was written since: the store is read as it was. Compared are who was found, their
    order, scores, feature rows, propensities, probabilities and factors. Exits 0 where all agree, 3
    where there is no such decision, 4 where something differs, or cannot be made again.

    Example: matcher replay 481408f5-6280-4a8e-9c7f-d3f7b97a8f4c --bundle bundles/market
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # as serving does, before libraries are loaded

    from serving.lean import spared

    with spared():
        from serving.replay import replay_decision

    replay_decision(decision_id, bundle=bundle, database=database, as_json=json_)
