"""The options of `matcher debias`; it is mounted by `training/cli.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def debias(
    marketplace: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="A marketplace directory.")
    ],
    config: Annotated[
        Path | None, typer.Option("--config", help="A run file (TOML); see data/README.md.")
    ] = None,
    test_share: Annotated[float, typer.Option(help="Test on this last share of the jobs.")] = 0.1,
    lists: Annotated[
        int, typer.Option(min=50, help="Learn each ranker from at most so many lists with a click.")
    ] = 2000,
    sample: Annotated[int, typer.Option(min=1, help="Test on at most so many lists.")] = 2000,
    seed: Annotated[int, typer.Option(help="Fixes every random choice.")] = 7,
    out: Annotated[
        Path | None, typer.Option(help="Write the report here (JSON), its plot beside it.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
) -> None:
    """Tell what taking the seat out of logged clicks is worth, where the truth is known.

    Learns from lists as they were logged, naively and debiased, and from lists that luck
    filled. Without a truth, it tells how looking fades from seat to seat.

    Example: matcher debias ./market --out debias.json
    """
    from training.debias_command import debias_market

    debias_market(
        marketplace,
        config=config,
        test_share=test_share,
        lists=lists,
        sample=sample,
        seed=seed,
        out=out,
        as_json=json_,
        force=force,
    )
