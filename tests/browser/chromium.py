"""Debian's own Chromium, driven by Playwright: no browser is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

REQUIRED = "MATCHER_TESTS_NEED_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def running() -> Iterator[Browser]:
    """A browser without a window; gone afterwards.

    Where none is installed the test is skipped, or fails where the environment says so.
    """
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        word = "no Chromium is installed (Debian: apt-get install chromium)"
        (pytest.fail if os.environ.get(REQUIRED) else pytest.skip)(word)
    with sync_playwright() as playwright:
        # Root may not use the sandbox; what is loaded here is ours.
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()
