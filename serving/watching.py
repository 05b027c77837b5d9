"""Follows an alias of the registry, in a process of its own: MLflow is heavy, and serves nobody.

    python -m serving.watching NAME ALIAS POINTER

writes the path of the bundle that the alias names into the file POINTER, at once and whenever it
names another one. It ends when its standard input does, so with the service that started it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import get_args

import structlog

from matcher.errors import MatcherError, UsageError

LOOK_S = 5.0
WAIT_S = 0.05
NAMED = re.compile(r"(?P<name>[^@/]+)@(?P<alias>[a-z]+)")

log = structlog.get_logger(__name__)


@contextmanager
def place_of(bundle: str) -> Iterator[Path]:
    """Where a bundle lies: its directory, or a file that says so while an alias is followed.

    Raises:
        UsageError: The alias is none, or names nothing.
    """
    named = NAMED.fullmatch(bundle)
    if named is None or Path(bundle).exists():
        yield Path(bundle).absolute()
        return
    with tempfile.TemporaryDirectory(prefix="matcher-bundle-") as folder:
        pointer = Path(folder) / "bundle"
        command = [sys.executable, "-m", "serving.watching", *named.groups(), pointer]
        with subprocess.Popen(command, stdin=subprocess.PIPE) as watcher:  # noqa: S603  (ourselves)
            while not pointer.exists():
                if watcher.poll() is not None:
                    raise UsageError(f"{bundle} is no bundle of the registry, as was said above")
                sleep(WAIT_S)
            try:
                yield pointer
            finally:
                watcher.terminate()


def follow(name: str, alias: str, pointer: Path, *, look_s: float, ended: Event) -> None:
    """Write down what an alias names until told to end.

    Raises:
        MatcherError: It names nothing at first; later the last one stays written down.
    """
    from matcher.registry import Alias, fetch

    asked: Alias | None = next((one for one in get_args(Alias) if one == alias), None)
    if asked is None:
        raise UsageError(
            f"{name}@{alias} names no alias; expected {name}@{' or @'.join(get_args(Alias))}"
        )
    known = fetch(name, alias=asked)
    _write(pointer, known)
    while not ended.wait(look_s):
        try:
            now = fetch(name, alias=asked)
        except MatcherError as error:
            log.warning("registry_away", code=error.code, detail=str(error))
            continue
        if now != known:
            log.info("alias_moved", name=name, alias=alias, bundle=str(now))
            _write(pointer, now)
            known = now


def _write(pointer: Path, bundle: Path) -> None:
    """Whole, or not at all."""
    written = pointer.with_suffix(".new")
    written.write_text(str(bundle), encoding="utf-8")
    written.replace(pointer)


def main() -> int:
    """Follow an alias as the command line says."""
    from matcher.log import configure

    configure()
    name, alias, pointer = sys.argv[1:]
    ended = Event()

    def wait() -> None:
        sys.stdin.read()
        ended.set()

    Thread(target=wait, daemon=True).start()
    try:
        follow(name, alias, Path(pointer), look_s=LOOK_S, ended=ended)
    except MatcherError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
