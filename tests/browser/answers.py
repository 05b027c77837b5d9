"""Pages that are drawn from answers of our own, and what is asked of each."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

LIGHTEST = "#/freelancer"  # asks the service for nothing


def go(page: Page, address: str) -> None:
    """Follows an address within the console, as a link does."""
    page.evaluate("address => { location.hash = address }", address)


def broken_rules(page: Page, *, only: tuple[str, ...] = ()) -> list[str]:
    """Rules of axe that the page breaks, with the elements; all rules, or some."""
    options = {"resultTypes": ["violations"], **({"runOnly": list(only)} if only else {})}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{one['id']}: {[node['html'] for node in one['nodes']]}" for one in found]
