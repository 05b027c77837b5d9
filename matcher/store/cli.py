"""The commands of the store: `matcher ingest`, `matcher export`, `matcher migrate`.

They need nothing above the kernel, so `matcher.cli` mounts them itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from matcher.store.decisions_cli import app as decisions_app
from matcher.store.erasure_cli import app as erasure_app

app = typer.Typer()
app.add_typer(decisions_app, name="decisions")
app.add_typer(erasure_app)

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
def ingest(
    marketplace: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="A marketplace directory.")
    ],
    database: Database = None,
    json_: AsJson = False,
) -> None:
    """Load a marketplace directory into the store.

    It is validated whole first: exit code 3, and nothing written, if it breaks the contract.
    Rows are recognised by id, so it may be repeated; a profile that differs becomes a version
    from now on, an event never changes.

    Example: matcher ingest ./market --database sqlite:///market.db
    """
    from matcher.store.commands import ingest_directory

    ingest_directory(marketplace, database=database, as_json=json_)


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="The directory to write.")],
    database: Database = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there.")] = False,
    json_: AsJson = False,
) -> None:
    """Write the store out as a marketplace directory, ready for training.

    Decisions about jobs on record become `shown` events, apart from those asked as of another
    instant than that of asking, and from seats that were sent as events already. The directory
    appears whole or not at all.

    Example: matcher export ./market --database sqlite:///market.db
    """
    from matcher.store.commands import export_directory

    export_directory(out, database=database, force=force, as_json=json_)


@app.command()
def migrate(database: Database = None) -> None:
    """Make the store's tables, or bring them to this release's schema.

    Exits 4 for a database of a later release, or of another program.

    Example: matcher migrate --database postgresql://matcher@localhost/matcher
    """
    from matcher.store.commands import migrate_database

    migrate_database(database=database)
