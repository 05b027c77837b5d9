"""`matcher serve` as one process, which says where the console is once its port is open."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress

import structlog
import uvicorn
from fastapi import FastAPI

from serving.terms import url_of

FAILED = 3  # as uvicorn itself ends where it cannot start

log = structlog.get_logger(__name__)


def run(api: FastAPI, *, host: str, port: int, last_s: int) -> None:
    """Serve until told to end.

    Args:
        port: 0 takes a free one.
        last_s: How long what is answered may take to be sent, at the end.
    """
    server = _Telling(
        uvicorn.Config(
            api,
            host=host,
            port=port,
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=last_s,
        )
    )
    with suppress(KeyboardInterrupt):  # it has ended well
        server.run()
    if not server.started:
        sys.exit(FAILED)


class _Telling(uvicorn.Server):
    """Says where the console is; only it knows which port was free."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the port."""
        await super().startup(sockets)
        for one in self.servers[:1]:
            log.info("console", url=url_of(one.sockets[0].getsockname()))
