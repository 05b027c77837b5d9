"""The commands `matcher decisions export` and `matcher decisions prune`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from matcher.domain import moment_from

app = typer.Typer(
    no_args_is_help=True,
    help="Decisions on record: written out with their feature rows, or deleted when old.\n\n"
    "Example: matcher decisions export decisions.parquet --database sqlite:///market.db",
)

Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        "--database-url",
        help="sqlite:///FILE or postgresql://... (default: matcher.db under MATCHER_HOME).",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="The Parquet file to write.")],
    database: Database = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
    json_: AsJson = False,
) -> None:
    """Write a row for every seat of every decision, feature columns included.

    The file appears whole or not at all.

    Example: matcher decisions export decisions.parquet --database sqlite:///market.db
    """
    from matcher.store.decisions_commands import export_decisions

    export_decisions(out, database=database, force=force, as_json=json_)


@app.command()
def prune(
    before: Annotated[
        datetime, typer.Option(parser=moment_from, help="Delete those made before this instant.")
    ],
    database: Database = None,
    json_: AsJson = False,
) -> None:
    """Delete old decisions for good, with what people made of them.

    Example: matcher decisions prune --before 2026-01-01T00:00:00Z --database sqlite:///market.db
    """
    from matcher.store.decisions_commands import prune_decisions

    prune_decisions(before=before, database=database, as_json=json_)
