"""The API behind a real socket, for what a test client cannot send."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from fastapi import FastAPI

from tests.serving.live import until


@contextmanager
def listening(app: FastAPI) -> Iterator[int]:
    """The port of a server over it, in a thread of its own."""
    with socket.create_server(("127.0.0.1", 0)) as opened:
        config = uvicorn.Config(app, log_config=None, access_log=False, timeout_keep_alive=1)
        server = uvicorn.Server(config)
        thread = Thread(target=server.run, kwargs={"sockets": [opened]})
        thread.start()
        try:
            until(lambda: server.started)
            yield opened.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as made:
        yield made


def told(connection: socket.socket) -> str:
    """Everything that is sent until the other side closes."""
    parts = []
    while part := connection.recv(65_536):
        parts.append(part)
    return b"".join(parts).decode()


def code_of(answer: str) -> str:
    """The code of the problem in a whole answer."""
    return json.loads(answer.partition("\r\n\r\n")[2])["code"]
