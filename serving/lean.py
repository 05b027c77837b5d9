"""The API in a process of its own, which loads nothing that only training calls.

LightGBM imports scikit-learn, and with it most of SciPy, for wrappers that nobody here
calls: more than all the rest that a request needs. It does without where there is none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

SPARED = "sklearn"


@contextmanager
def spared() -> Iterator[None]:
    """Import within, in a process that trains nothing: scikit-learn seems not to be there."""
    if SPARED in sys.modules or "lightgbm" in sys.modules:
        yield
        return
    sys.modules[SPARED] = None  # type: ignore[assignment]  # what the import system calls absent
    try:
        yield
    finally:
        del sys.modules[SPARED]


def application() -> FastAPI:
    """The API as the environment describes it: what each worker process makes of itself."""
    with spared():
        from serving.app import from_environment
    return from_environment()
