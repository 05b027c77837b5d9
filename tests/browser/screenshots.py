"""`python -m tests.browser.screenshots FOLDER`: pictures of the console, on a simulated market.

The market is made and learned from anew, unless `--bundle` names a bundle to show instead.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser import chromium

MATCHER = Path(sys.executable).with_name("matcher")
SEEN = re.compile(rb'"url": "(http://[^"]+)"')
HELD_OUT = 60  # jobs that the model page tells of
COLOURS = 160  # enough for flat areas and text, in half the bytes
BRIEF = """Tidy up our nightly reports
The warehouse in dbt and PostgreSQL takes all night. Find the slow models, add tests, and show us
how to keep it that way. $35-60/hour, 20 hours/week for 6 weeks, overlap with UTC+1."""


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bundle", type=Path)
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        bundle = asked.bundle or _learned(Path(scratch))
        with _served(bundle, Path(scratch)) as url, chromium.running() as browser:
            _take(browser, url, asked.folder)
    for picture in sorted(asked.folder.glob("*.png")):
        Image.open(picture).convert("RGB").quantize(COLOURS).save(picture, optimize=True)


def _take(browser: Browser, url: str, folder: Path) -> None:
    page = _opened(browser, url, width=1440, height=900)
    page.get_by_role("textbox", name="Brief").fill(BRIEF)
    page.get_by_role("button", name="Find people").click()
    cards = page.locator(".card[data-id]")
    for i in (0, 1):
        cards.nth(i).locator('[data-act="shortlist"]').click()
        page.locator(".shortlist > li").nth(i).wait_for()
    cards.nth(2).locator('[data-act="dismiss"]').click()
    page.get_by_role("button", name="Rate too high").click()
    page.get_by_role("button", name="Dismiss", exact=True).click()
    page.locator(".is-dismissed").wait_for()
    page.locator(".toast").evaluate_all("all => all.forEach(one => one.remove())")
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=folder / "find.png")
    for i in (0, 1, 3):
        cards.nth(i).get_by_role("checkbox").check()
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_role("table").wait_for()
    address = page.url
    page.emulate_media(color_scheme="dark")
    page.screenshot(path=folder / "compare.png")

    small = _opened(browser, address.replace("&v=compare", ""), width=390, height=844)
    small.locator(".card[data-id]").first.wait_for()
    small.locator(".card[data-id]").first.scroll_into_view_if_needed()
    small.evaluate("document.querySelector('.results').scrollIntoView(); scrollBy(0, -60)")
    small.screenshot(path=folder / "small.png")

    model = _opened(browser, f"{url}#/model", width=1440, height=900)
    model.locator("main h2").first.wait_for()
    model.wait_for_load_state("networkidle")
    model.screenshot(path=folder / "model.png")


def _opened(browser: Browser, address: str, *, width: int, height: int) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(address)
    return page


def _learned(scratch: Path) -> Path:
    market, bundle = scratch / "market", scratch / "bundle"
    _run(scratch, "simulate", market, "--freelancers", 200, "--jobs", 600, "--seed", 7)
    posted = pd.read_parquet(market / "jobs.parquet", columns=["posted_at"])["posted_at"]
    until = posted.sort_values().iloc[-HELD_OUT].isoformat()
    _run(scratch, "train", market, "--out", bundle, "--until", until)
    _run(scratch, "evaluate", market, "--bundle", bundle, "--test-from", until)
    return bundle


def _run(scratch: Path, *command: object) -> None:
    subprocess.run([MATCHER, *map(str, command)], env=_world(scratch), check=True)


@contextmanager
def _served(bundle: Path, scratch: Path) -> Iterator[str]:
    command = [MATCHER, "serve", "--bundle", bundle, "--port", "0"]
    database = f"sqlite:///{scratch / 'console.db'}"
    with subprocess.Popen(
        [*command, "--database", database], stderr=subprocess.PIPE, env=_world(scratch)
    ) as process:
        assert process.stderr is not None
        found = None
        for line in process.stderr:
            found = SEEN.search(line) or found
            if b'"ready"' in line and found:
                break
        assert found is not None, "the service did not start"
        yield found[1].decode()
        process.terminate()


def _world(scratch: Path) -> dict[str, str]:
    return {**os.environ, "MATCHER_HOME": str(scratch / "home")}


if __name__ == "__main__":
    main()
