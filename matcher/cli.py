"""The `matcher` command: mounts every command that the packages offer.

`training` and `serving` register their Typer apps as entry points in the group
`matcher.commands`, and so may a third party: the kernel never imports upwards.
Every option can also be set from the environment as `MATCHER_<OPTION>`.

Exit codes: 0 done, 1 a bug, 2 wrong usage, 3 bad data, 4 a gate, a bundle or a
check refused.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup
from typer.main import get_group

from matcher import __version__
from matcher.errors import InvalidMarketplaceError, MatcherError
from matcher.store.cli import app as store_app
from matcher.store.keys_cli import app as keys_app

app = typer.Typer(
    name="matcher",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Puts the right freelancer in front of the right job, and the other way round.",
)
app.add_typer(store_app)
app.add_typer(keys_app, name="keys")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"matcher {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Puts the right freelancer in front of the right job, and the other way round."""


@app.command()
def validate(
    marketplace: Annotated[
        Path, typer.Argument(exists=True, file_okay=False, help="A marketplace directory.")
    ],
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check a marketplace directory against the contract in data/README.md.

    Exits 0 when it may be used, 3 with every violation counted when not.

    Example: matcher validate ./market
    """
    from matcher.marketplace import read_marketplace

    try:
        tables = read_marketplace(marketplace)
    except InvalidMarketplaceError as error:
        if json_:
            found = [asdict(one) for one in error.violations]
            typer.echo(json.dumps({"valid": False, "total": error.total, "violations": found}))
        raise
    sizes = {
        "freelancers": int(tables.freelancers["freelancer_id"].nunique()),
        "jobs": len(tables.jobs),
        "events": len(tables.events),
    }
    if json_:
        typer.echo(json.dumps({"valid": True, **sizes, "warnings": list(tables.warnings)}))
        return
    typer.echo(f"{marketplace}: " + ", ".join(f"{n:,} {name}" for name, n in sizes.items()))
    for warning in tables.warnings:
        typer.echo(f"warning: {warning}")


@cache
def command() -> Callable[..., object]:
    """The whole command, with every entry point mounted and every option in the environment."""
    for entry in sorted(entry_points(group="matcher.commands"), key=lambda one: one.name):
        app.add_typer(entry.load())
    whole = get_group(app)
    _name_variables(whole)
    return whole


def main() -> None:
    """Run the command line; the process ends with one of the documented codes."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # threads that spin starve their neighbours
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # threads that spin starve a busy machine
    try:
        command()()
    except MatcherError as error:
        typer.echo(f"error: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception:  # noqa: BLE001  (an entry point: what arrives here is a bug)
        traceback.print_exc()
        sys.exit(1)


def _name_variables(group: TyperGroup) -> None:
    """Give every option of every command the variable `MATCHER_<OPTION>`."""
    for one in group.commands.values():
        if isinstance(one, TyperGroup):
            _name_variables(one)
        for parameter in one.params:
            if parameter.param_type_name == "option" and parameter.envvar is None:
                name = parameter.opts[-1].lstrip("-").replace("-", "_").upper()
                if name != "HELP":
                    parameter.envvar = f"MATCHER_{name}"


if __name__ == "__main__":
    main()
