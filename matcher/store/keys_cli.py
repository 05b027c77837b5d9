"""`matcher keys make`, `list` and `revoke`: who may ask the service, and for what."""

from __future__ import annotations

from typing import Annotated

import typer

from matcher.store.cli import AsJson, Database

app = typer.Typer(
    no_args_is_help=True,
    help="""Make, list and revoke the keys of the service.

    Once a key was made, the service asks every request for one.

    Example: matcher keys make dashboard --scope read --expires 90d
    """,
)


@app.command()
def make(
    name: Annotated[str, typer.Argument(help="Whose key it is, in up to 100 characters.")],
    scope: Annotated[
        list[str],
        typer.Option(
            help="read, write or admin, which imply those before them; may be repeated.",
            show_default=False,
        ),
    ],
    expires: Annotated[
        str | None,
        typer.Option(
            help="When it ends: an instant, or days, hours or minutes from now (90d, 12h, 30m); "
            "without it, never.",
            show_default=False,
        ),
    ] = None,
    database: Database = None,
    json_: AsJson = False,
) -> None:
    """Make a key and print it, this once: the database keeps its digest alone.

    The key is all that goes to stdout, so that it may be piped; what else there is to say of it
    goes to stderr.

    Example: matcher keys make dashboard --scope read --expires 90d
    """
    from matcher.store.keys_commands import make_key

    make_key(name, scopes=scope, expires=expires, database=database, as_json=json_)


@app.command("list")
def list_(database: Database = None, json_: AsJson = False) -> None:
    """Print every key that was made, without its secret.

    Example: matcher keys list --json
    """
    from matcher.store.keys_commands import list_keys

    list_keys(database=database, as_json=json_)


@app.command()
def revoke(
    key_id: Annotated[str, typer.Argument(help="As in `matcher keys list`.")],
    database: Database = None,
) -> None:
    """Take a key back, for good; services that run refuse it within a second.

    Exits 3 for an unknown id, 2 for a key that was revoked before.

    Example: matcher keys revoke 5f0c3a9e1b7d2468
    """
    from matcher.store.keys_commands import revoke_key

    revoke_key(key_id, database=database)
