"""A second process over a store: `python -m tests.serving.replica URL` prints its port."""

from __future__ import annotations

import socket
import sys

import uvicorn

from serving.app import create_app
from tests.serving.live import a_follower

if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = create_app(a_follower(sys.argv[1]))
        sys.stdout.write(f"{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        config = uvicorn.Config(app, log_config=None, access_log=False)
        uvicorn.Server(config).run(sockets=[listening])
