"""`matcher serve`: the API over a bundle."""

from __future__ import annotations

import ipaddress
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from matcher.errors import UsageError

app = typer.Typer()


@app.command()
def serve(
    bundle: Annotated[Path, typer.Option(help="The trained bundle to serve.")],
    host: Annotated[str, typer.Option(help="Address to listen on; loopback only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Port; 0 takes a free one.")] = 8080,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that answer.")] = 1,
) -> None:
    """Serve matches over HTTP, from a bundle.

    The bundle carries roster, jobs and history, and is never written to. The service has no keys,
    so it listens on this machine alone. Logs go to stderr as JSON; stop it with Ctrl-C.

    Example: matcher serve --bundle bundles/market --port 8080
    """
    _refuse_strangers(host)
    _refuse_taken(host, port)
    os.environ["MATCHER_BUNDLE"] = str(bundle.absolute())

    import uvicorn

    from matcher.settings import Settings
    from serving.app import from_environment, open_served

    if workers == 1:
        api = from_environment()
        uvicorn.run(api, host=host, port=port, log_config=None, access_log=False)
        return
    open_served(Settings())  # a bundle that will not open is refused here, not by each worker
    with _shared_metrics():
        uvicorn.run(
            "serving.app:from_environment",
            factory=True,
            workers=workers,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
        )


def _refuse_strangers(host: str) -> None:
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise UsageError(
            f"--host is {host!r}, expected a loopback address (127.0.0.1, ::1 or localhost): "
            "without keys the service is open to whoever reaches it; put a proxy that "
            "authenticates before it"
        )


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
