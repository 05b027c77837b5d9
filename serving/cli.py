"""The commands that answer: `matcher serve` over HTTP, `matcher match` in the terminal."""

from __future__ import annotations

import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from matcher.domain import moment_from
from matcher.errors import UsageError
from serving.deciding_cli import app as deciding_app
from serving.replay_cli import app as replay_app

LAST_S = 2  # for what is answered to be sent; the draining itself is MATCHER_DRAIN_S

app = typer.Typer()
app.add_typer(replay_app)
app.add_typer(deciding_app)


@app.command()
def serve(
    bundle: Annotated[
        str, typer.Option(help="The trained bundle to serve, or NAME@champion of the registry.")
    ],
    host: Annotated[
        str, typer.Option(help="Address to listen on; beyond loopback only with keys.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port; 0 takes a free one.")] = 8080,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
    database: Annotated[
        str | None,
        typer.Option(
            "--database",
            "--database-url",
            help="Take writes, into sqlite:///FILE or postgresql://...; without it, none.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve matches over HTTP, from a bundle.

    The bundle carries roster, jobs and history, and is never written to; a database that is empty
    takes them over, and then what is written over HTTP. Without keys in the database (`matcher
    keys make`) it listens on this machine alone. The console, for a browser, is at `/`; where that
    is, and all logs, go to stderr as JSON. Ctrl-C or SIGTERM ends it, once what is in flight is
    answered.

    Example: matcher serve --bundle bundles/market --port 8080

    Example: matcher serve --bundle bundles/market --database sqlite:///market.db

    Example: matcher serve --bundle market@champion --workers 2
    """
    _refuse_strangers(host, database)
    _refuse_taken(host, port)
    os.environ["MATCHER_HOST"] = host
    if database is not None:
        os.environ["MATCHER_DATABASE_URL"] = database
    # One core a match: a library's own threads would wait for each other at every step, far
    # longer than the step takes. It must be said before any of them is imported.
    os.environ.setdefault("OMP_NUM_THREADS", "1")

    from serving.watching import place_of

    with place_of(bundle) as place:
        os.environ["MATCHER_BUNDLE"] = str(place)
        code = _serve_alone(host, port) if workers == 1 else _serve_together(host, port, workers)
    raise typer.Exit(code)


@app.command()
def match(
    bundle: Annotated[Path, typer.Option(help="The trained bundle to ask.")],
    brief: Annotated[
        str | None,
        typer.Argument(help="The job in words; the first line is its title. '-' reads stdin."),
    ] = None,
    for_: Annotated[
        str | None,
        typer.Option("--for", help="Instead: the id of a freelancer whom open jobs are for."),
    ] = None,
    k: Annotated[int, typer.Option(min=1, max=1000, help="How many matches.")] = 10,
    skills: Annotated[str, typer.Option(help="Required skills, separated by commas.")] = "",
    category: Annotated[str | None, typer.Option(help="The job's category.")] = None,
    client: Annotated[str | None, typer.Option(help="The client's id.")] = None,
    budget: Annotated[
        float | None, typer.Option(min=0, help="What the job pays an hour, in USD.")
    ] = None,
    utc_offset: Annotated[
        float | None, typer.Option(min=-12, max=14, help="The client's UTC offset in hours.")
    ] = None,
    max_rate: Annotated[
        float | None, typer.Option(min=0, help="Only those who ask at most so many USD an hour.")
    ] = None,
    countries: Annotated[
        str, typer.Option(help="Only from these countries (ISO 3166), separated by commas.")
    ] = "",
    languages: Annotated[
        str, typer.Option(help="Only those who speak all of these (ISO 639-1).")
    ] = "",
    must_have: Annotated[
        str, typer.Option(help="Only those who list all of these skills, separated by commas.")
    ] = "",
    min_hours: Annotated[
        float | None, typer.Option(min=0, help="Only those with so many hours a week.")
    ] = None,
    exclude: Annotated[str, typer.Option(help="Not these ids, separated by commas.")] = "",
    as_of: Annotated[
        datetime | None,
        typer.Option(
            parser=moment_from,
            help="Ask as of this instant (default: now, or where older data end).",
        ),
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print the API's answer as JSON.")] = False,
) -> None:
    """Rank freelancers for a brief typed by a person, or open jobs for a freelancer, with reasons.

    Example: matcher match "Speed up our PostgreSQL reports" --bundle ./bundle --max-rate 60

    Example: matcher match --for f00012 --bundle ./bundle
    """
    from serving.brief import fields_of, filters_of_options, subject

    job = fields_of(
        skills=skills, category=category, client=client, budget=budget, utc_offset=utc_offset
    )
    filters = filters_of_options(
        max_rate=max_rate,
        countries=countries,
        languages=languages,
        must_have=must_have,
        min_hours=min_hours,
        exclude=exclude,
    )
    about = subject(brief, for_, of_a_brief={**job, **filters})

    from serving.lean import spared

    with spared():
        from serving.terminal import match_brief, match_jobs

    if for_ is not None:
        match_jobs(for_, bundle=bundle, k=k, as_of=as_of, as_json=json_)
        return
    match_brief(
        sys.stdin.read() if about == "-" else about,
        bundle=bundle,
        job=job,
        filters=filters,
        k=k,
        as_of=as_of,
        as_json=json_,
    )


def _serve_alone(host: str, port: int) -> int:
    from serving.lean import application, spared

    api = application()
    with spared():
        from serving import alone
    with _ending_well():
        alone.run(api, host=host, port=port, last_s=LAST_S)
    return 0


def _serve_together(host: str, port: int, workers: int) -> int:
    from matcher.settings import Settings
    from serving.lean import spared

    with _shared_metrics():  # which is asked for when what counts is imported
        with spared():
            from serving.forked import serve_together
        return serve_together(Settings(), host=host, port=port, workers=workers, last_s=LAST_S)


def _refuse_strangers(host: str, database: str | None) -> None:
    """Without a key that may be used, nobody beyond this machine may reach the service."""
    from serving.terms import is_loopback

    if is_loopback(host):
        return
    refusal = (
        f"--host is {host!r}, expected a loopback address (127.0.0.1, ::1 or localhost): without "
        "keys the service is open to whoever reaches it; "
    )
    if database is None:
        raise UsageError(
            refusal + "keep keys in a database (`matcher keys make NAME --scope read --database "
            "URL`), and serve with the same --database URL"
        )
    from serving.lean import spared

    with spared():
        from matcher.store.store import Store
    with Store.open(database) as store:
        if not store.keys.any_usable():
            raise UsageError(
                f"{refusal}{store.name} holds none that is neither expired nor revoked: make one "
                "with `matcher keys make NAME --scope read --database URL`"
            )


@contextmanager
def _ending_well() -> Iterator[None]:
    """SIGTERM ends the server as Ctrl-C does: with what is in flight answered, and exit code 0."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UsageError(
                f"cannot listen on {host} port {port} ({error.strerror}); name another --port"
            ) from error


@contextmanager
def _shared_metrics() -> Iterator[None]:
    """A directory in which the workers add up their metrics, gone with them."""
    with tempfile.TemporaryDirectory(prefix="matcher-metrics-") as directory:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = directory
        try:
            yield
        finally:
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]
