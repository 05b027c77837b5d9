"""Runs the `matcher` command as a user would, within this process, and a market to run it on."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from matcher import cli
from tests.small_market import SETTINGS


@dataclass(frozen=True, kw_only=True)
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


class Matcher:
    """The command in a world of its own: an empty current folder, and a home for the rest."""

    def __init__(self, world: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._world, self._capsys = world, capsys

    def __call__(self, *arguments: object) -> Ran:
        self._capsys.readouterr()
        self._world.setattr(sys, "argv", ["matcher", *map(str, arguments)])
        with pytest.raises(SystemExit, match=r"^\d*$") as ended:
            cli.main()
        said = self._capsys.readouterr()
        return Ran(code=int(ended.value.code or 0), out=said.out, err=said.err)

    def __getitem__(self, arguments: Sequence[object]) -> str:
        """What a command that must succeed prints."""
        ran = self(*arguments)
        assert ran.code == 0, ran.err
        return ran.out


def a_run_file(path: Path) -> Path:
    """The quick settings of `tests.small_market` as a run file."""
    lines = [
        line
        for section, values in SETTINGS.items()
        for line in (f"[{section}]", *(f"{key} = {json.dumps(one)}" for key, one in values.items()))
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def lines_file(path: Path, *records: object) -> Path:
    """A file of JSON lines."""
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    path.write_text(text, encoding="utf-8")
    return path
