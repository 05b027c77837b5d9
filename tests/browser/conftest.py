"""One browser and one service for all these tests; a fresh, watched context for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import structlog
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    expect,
)

from tests.browser import chromium, service
from tests.browser.service import Service

BRIEF = """Speed up our PostgreSQL reports
Month-end reports on a Django site with PostgreSQL take minutes.
$35-60/hour, 20 hours/week. English, overlap with UTC+1."""
PATIENCE_MS = 20_000  # a machine that runs all tests at once is slow
EXPECTED = ("Failed to load resource",)  # Chromium's own word on every status of 400 and above

Opened = Callable[..., Page]
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="package", autouse=True)
def _silence() -> Iterator[None]:
    """Logs go nowhere."""
    structlog.configure(processors=[], logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium.running() as found:
        yield found


@pytest.fixture(scope="package")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that writes down what is decided."""
    folder = tmp_path_factory.mktemp("console")
    with service.recording(f"sqlite:///{folder / 'm.db'}") as found:
        yield found


@pytest.fixture(scope="package")
def unwritten() -> Iterator[Service]:
    """A service without a database."""
    with service.reading() as found:
        yield found


@pytest.fixture(scope="package")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that asks for a key."""
    folder = tmp_path_factory.mktemp("locked")
    scopes = ("read", "write")
    with service.recording(f"sqlite:///{folder / 'm.db'}", key_scopes=scopes) as found:
        yield found


@pytest.fixture
def opened(browser: Browser, live: Service) -> Iterator[Opened]:
    """Opens pages in contexts of their own; none may complain, or ask anybody else for anything."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    strangers: list[str] = []

    def open_(
        at: Service | None = None, *, path: str = "", width: int = 1280, **options: object
    ) -> Page:
        home = (at or live).url
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", lambda said: _note(said, complaints))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda asked: _note_stranger(asked, home, strangers))
        page.goto(home + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
    assert strangers == []


@pytest.fixture
def listed(opened: Opened) -> Callable[..., Page]:
    """A page with the list for the usual brief."""

    def list_(*arguments: object, brief: str = BRIEF, **options: object) -> Page:
        page = opened(*arguments, **options)
        find(page, brief)
        return page

    return list_


def find(page: Page, brief: str = BRIEF) -> None:
    """Types a brief, and waits for the list."""
    page.get_by_role("textbox", name="Brief").fill(brief)
    page.get_by_role("button", name="Find people").click()
    page.locator(".card[data-id]").first.wait_for()


def card(page: Page, id_: str) -> Locator:
    return page.locator(f'.card[data-id="{id_}"]')


def ids(page: Page) -> list[str]:
    """Who is on the list, in its order."""
    return page.locator(".card[data-id]").evaluate_all("all => all.map(one => one.dataset.id)")


def parameter(page: Page, name: str) -> str:
    """A parameter of the search in the address."""
    return page.evaluate(
        "name => new URLSearchParams(location.hash.split('?')[1] ?? '').get(name) ?? ''", name
    )


def _note(said: ConsoleMessage, complaints: list[str]) -> None:
    if said.type in ("error", "warning") and not said.text.startswith(EXPECTED):
        complaints.append(said.text)


def _note_stranger(asked: Request, home: str, strangers: list[str]) -> None:
    if urlsplit(asked.url).scheme in ("data", "blob"):
        return
    if urlsplit(asked.url).netloc != urlsplit(home).netloc:
        strangers.append(asked.url)
