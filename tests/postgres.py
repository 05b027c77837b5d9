"""A real PostgreSQL server for the tests: one a session, in a temporary directory.

It is cheap, not durable: what is tested of durability is tested on SQLite, whose files are ours.
The server ends with the tests, also where these are killed. A test gets a schema of its own.
"""

from __future__ import annotations

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

REQUIRED = "MATCHER_TESTS_NEED_POSTGRESQL"
USER = "matcher"
CHEAP = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")
_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


@dataclass(kw_only=True)
class Server:
    """A server that runs, or may be stopped and started again.

    Attributes:
        password: Random; must not appear in anything that is told.
    """

    binaries: Path
    folder: Path
    owner: pwd.struct_passwd | None
    port: int
    password: str
    process: subprocess.Popen[bytes] | None = None

    def url(self, schema: str = "public") -> str:
        """The address of a schema."""
        place = f"{USER}:{self.password}@127.0.0.1:{self.port}/postgres"
        return f"postgresql://{place}?options=-csearch_path%3D{schema}"

    def new_schema(self) -> str:
        """The address of a schema of which nobody knows yet."""
        schema = f"t_{secrets.token_hex(6)}"
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f"CREATE SCHEMA {schema}")
        return self.url(schema)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ["listen_addresses=127.0.0.1", f"port={self.port}", *CHEAP]
        options.append(f"unix_socket_directories={self.folder}")
        named = [part for option in options for part in ("-c", option)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.binaries / "postgres", "-D", self.folder / "data", *named],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  (it takes no lock)
                **_as(self.owner),
            )
        for _ in range(300):
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
            else:
                return
        raise RuntimeError((self.folder / "log").read_text(encoding="utf-8")[-2000:])

    def stop(self) -> None:
        """Stop it at once; every connection breaks."""
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=30)
            self.process = None


@contextmanager
def running() -> Iterator[Server]:
    """A server of its own; gone with all its files afterwards.

    Where none is installed the test is skipped, or fails where the environment says so.
    """
    binaries = _binaries()
    if binaries is None:
        word = "no PostgreSQL server is installed (Debian: apt-get install postgresql)"
        (pytest.fail if os.environ.get(REQUIRED) else pytest.skip)(word)
    folder = Path(tempfile.mkdtemp(prefix="matcher-postgres-"))
    owner = _owner()
    server = Server(
        binaries=binaries,
        folder=folder,
        owner=owner,
        port=_free_port(),
        password=secrets.token_hex(8),
    )
    try:
        _make(server)
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _make(server: Server) -> None:
    secret = server.folder / "password"
    secret.write_text(server.password, encoding="utf-8")
    if server.owner is not None:
        for path in (server.folder, secret):
            os.chown(path, server.owner.pw_uid, server.owner.pw_gid)
    subprocess.run(
        [
            *(server.binaries / "initdb", "--no-sync", "--encoding=UTF8", "--locale=C"),
            *("--auth=scram-sha-256", f"--pwfile={secret}", f"--username={USER}"),
            *("-D", server.folder / "data"),
        ],
        check=True,
        cwd=server.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        **_as(server.owner),
    )


def _binaries() -> Path | None:
    """Where the server's programs are: on the PATH, or where Debian puts them, the newest first."""
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    newest = sorted(debian, key=lambda one: float(one.parent.name), reverse=True)
    for folder in (*on_path, *newest):
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    return None


def _owner() -> pwd.struct_passwd | None:
    """Whom the server runs as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _as(owner: pwd.struct_passwd | None) -> dict[str, object]:
    if owner is None:
        return {}
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DEATH_SIGNAL, signal.SIGINT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
