"""`matcher serve --workers N`: one parent, N workers, one socket."""

from __future__ import annotations

import os
import socket
from functools import partial

import structlog
import uvicorn

from matcher.log import configure
from matcher.settings import Settings
from serving.app import served_by
from serving.prefork import Workers, listening
from serving.sharing import Shared
from serving.terms import url_of
from serving.tracing import check_installed

log = structlog.get_logger(__name__)


def serve_together(settings: Settings, *, host: str, port: int, workers: int, last_s: int) -> int:
    """Serve until told to end; the exit code.

    Args:
        last_s: How long what is answered may take to be sent, at the end.

    Raises:
        MatcherError: The bundle, the database or the address cannot be used.
    """
    configure()
    check_installed(os.environ)
    with listening(host, port) as sock:
        shared = Shared.of(settings)
        log.info("console", url=url_of(sock.getsockname()))
        return Workers(partial(_serve, shared, sock, last_s=last_s), count=workers).run()


def _serve(shared: Shared, sock: socket.socket, *, last_s: int) -> int:
    """One worker, until it is told to end."""
    api = served_by(shared.current(), shared.settings)
    config = uvicorn.Config(
        api, log_config=None, access_log=False, timeout_graceful_shutdown=last_s
    )
    uvicorn.Server(config).run(sockets=[sock])
    return 0
