"""`matcher explain` and `matcher shortlist`: a decision's people in the terminal."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()

Decision = Annotated[str, typer.Argument(help="The decision, as its answer named it.")]
Database = Annotated[
    str | None,
    typer.Option(
        "--database",
        "--database-url",
        help="sqlite:///FILE or postgresql://... (default: matcher.db under MATCHER_HOME).",
        show_default=False,
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
People = list[str] | None


@app.command()
def explain(
    decision_id: Decision,
    freelancer_id: Annotated[
        str, typer.Argument(help="Whose place; of a list for a freelancer, the job's.")
    ],
    bundle: Annotated[Path, typer.Option(help="The bundle that made the decision.")],
    database: Database = None,
    json_: AsJson = False,
) -> None:
    """Tell why somebody had that place on a list: every family of features, in words.

    And which sources found the person, how likely a hire is, what the factors rest on, what people
    said, and what happened since for that job. Exits 3 where the decision does not hold the person,
    4 where another bundle made it.

    Example: matcher explain 481408f5-6280-4a8e-9c7f-d3f7b97a8f4c f00012 --bundle bundles/market
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # as serving does, before libraries are loaded

    from serving.lean import spared

    with spared():
        from serving.explain_terminal import explain_place

    explain_place(decision_id, freelancer_id, bundle=bundle, database=database, as_json=json_)


@app.command()
def shortlist(
    decision_id: Decision,
    database: Database = None,
    add: Annotated[People, typer.Option(help="Shortlist this freelancer; may be repeated.")] = None,
    dismiss: Annotated[
        People, typer.Option(help="Dismiss this freelancer; may be repeated.")
    ] = None,
    invite: Annotated[People, typer.Option(help="Invite this freelancer; may be repeated.")] = None,
    why: Annotated[str | None, typer.Option(help="Why those who are dismissed are.")] = None,
    note: Annotated[
        str | None, typer.Option(help="A note on those named by --on, or else on all named.")
    ] = None,
    on: Annotated[
        People, typer.Option(help="Whom the note is on, and nothing else is made of.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(help="Who says so (default: the account's name).")
    ] = None,
    json_: AsJson = False,
) -> None:
    """Show what people made of a list, or make something of it and show it then.

    What is made becomes events and overrides, as in the console, and services over the same
    database follow. A later word wins: whoever was dismissed may be shortlisted again. Nobody is
    rejected by it but by the person who says so. Exits 3 for somebody who was not shown.

    Example: matcher shortlist 481408f5-6280-4a8e-9c7f-d3f7b97a8f4c --add f00012 --by ada

    Example: matcher shortlist 481408f5-6280-4a8e-9c7f-d3f7b97a8f4c --dismiss f00007 --why "no time"
    """
    from serving.shortlist_terminal import show_shortlist
    from serving.shortlisting import Wish

    show_shortlist(
        decision_id,
        Wish(
            add=tuple(add or ()),
            dismiss=tuple(dismiss or ()),
            invite=tuple(invite or ()),
            on=tuple(on or ()),
            why=why,
            note=note,
        ),
        by=by,
        database=database,
        as_json=json_,
    )
