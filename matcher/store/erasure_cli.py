"""The commands `matcher erase` and `matcher erased`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()

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
def erase(
    freelancer_id: Annotated[str | None, typer.Argument(help="Of the person to erase.")] = None,
    database: Database = None,
    finish: Annotated[
        bool, typer.Option("--finish", help="Only finish what was asked for before.")
    ] = False,
    json_: AsJson = False,
) -> None:
    """Erase a person from the store: records, events, log, vectors and decisions.

    Services that follow the store take the person off their lists at once, and finish erasures by
    themselves. Exits 3 where nobody ever had the id, 4 where a reader still holds on to what is
    left in the files; `--finish` clears it later.

    Example: matcher erase f00012 --database sqlite:///market.db

    Example: matcher erase --finish --database sqlite:///market.db
    """
    from matcher.store.erasure_commands import erase_person

    erase_person(freelancer_id, finish=finish, database=database, as_json=json_)


@app.command()
def erased(
    freelancer_id: Annotated[str, typer.Argument(help="As it was.")],
    database: Database = None,
    bundle: Annotated[
        list[Path] | None, typer.Option(help="A bundle to look into; may be repeated.")
    ] = None,
    registry: Annotated[
        bool, typer.Option("--registry/--no-registry", help="Look into MLflow's bundles, too.")
    ] = True,
    json_: AsJson = False,
) -> None:
    """Tell what was erased of a person, and which bundles still hold them.

    The store keeps no id of theirs, only a proof by which an id that is named can be recognised.
    Bundles that hold the person want to be trained anew. Exits 3 where no erasure of the id is
    known.

    Example: matcher erased f00012 --bundle bundles/market --database sqlite:///market.db
    """
    from matcher.store.erasure_commands import tell_erased

    tell_erased(
        freelancer_id,
        bundles=bundle or [],
        with_registry=registry,
        database=database,
        as_json=json_,
    )
