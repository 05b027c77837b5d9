"""WCAG 2.2 AA as far as a machine can tell, on every state, in both widths and both schemes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.answers import broken_rules
from tests.browser.conftest import BRIEF, card, find, ids
from tests.browser.market import HOSTILE
from tests.browser.service import Service

pytestmark = pytest.mark.browser
COLOURS = ("color-contrast",)  # all that a scheme changes
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALLEST = 24
SMALL = """least => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter(one => one.checkVisibility() && !one.closest("p") && !one.matches(".skip, .brand"))
    .map(one => [one.matches("input[type=checkbox]") ? one.closest("label") : one, one])
    .map(([target, one]) => [target.getBoundingClientRect(), one])
    .filter(([box]) => box.width && (box.width < least || box.height < least))
    .map(([box, one]) => `${one.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)"""


def empty(page: Page) -> None:
    expect(page.get_by_role("button", name="Try this example")).to_be_visible()


def listed(page: Page) -> None:
    find(page)
    page.evaluate("document.querySelectorAll('details').forEach(one => (one.open = true))")
    page.locator(".chip-words").first.click()


def opened_card(page: Page) -> None:
    find(page)
    for id_ in (ids(page)[0], HOSTILE):
        card(page, id_).get_by_role("button", name=re.compile("Details")).click()


def decided(page: Page) -> None:
    find(page)
    first, second, third = ids(page)[:3]
    for id_ in (first, second):
        card(page, id_).locator('[data-act="shortlist"]').click()
        card(page, id_).get_by_role("checkbox").check()
    card(page, third).locator('[data-act="dismiss"]').click()
    page.get_by_role("dialog").get_by_role("button", name="Rate too high").click()
    page.get_by_role("dialog").get_by_role("button", name="Dismiss", exact=True).click()
    expect(page.locator(".toast")).to_be_visible()
    expect(page.locator(".is-dismissed")).to_have_count(1)


def compared(page: Page) -> None:
    decided(page)
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("table")).to_be_visible()


def asking(page: Page) -> None:
    find(page)
    card(page, ids(page)[0]).locator('[data-act="dismiss"]').click()
    expect(page.get_by_role("dialog")).to_be_visible()


def nobody(page: Page) -> None:
    page.goto(page.url.split("#")[0] + '#/find?q=reports&f={"skills":{"all":["Falconry"]}}')
    expect(page.get_by_role("heading", name="Nobody is on this list")).to_be_visible()


def failed(page: Page) -> None:
    page.route("**/v1/briefs", lambda route: route.abort())
    page.get_by_role("textbox", name="Brief").fill(BRIEF)
    page.get_by_role("button", name="Find people").click()
    expect(page.get_by_text("The service cannot be reached")).to_be_visible()


def waiting(page: Page) -> None:
    page.route("**/v1/matches", lambda route: None)
    page.get_by_role("textbox", name="Brief").fill(BRIEF)
    page.get_by_role("button", name="Find people").click()
    expect(page.locator(".is-waiting")).to_have_count(6)


STATES: tuple[Callable[[Page], None], ...] = (
    empty, listed, opened_card, compared, asking, nobody, failed, waiting,
)  # fmt: skip


def look(page: Page, where: str) -> None:
    assert broken_rules(page, only=COLOURS if "dark" in where else ()) == [], where
    assert page.evaluate(WIDER) <= 0, where
    assert page.evaluate(SMALL, SMALLEST) == [], where


@pytest.mark.parametrize("state", STATES, ids=lambda one: one.__name__)
def test_a_state_can_be_used_by_everybody(opened, state):
    """Reached once; then looked at in two widths and two schemes."""
    page = opened(width=1440, reduced_motion="reduce")
    state(page)
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            look(page, f"{state.__name__} at {width} in {scheme}")


def test_signing_in_can_be_done_by_everybody(opened, locked: Service):
    page = opened(locked, width=360)
    dialog = page.get_by_role("dialog", name="Sign in")
    expect(dialog).to_be_visible()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        look(page, f"signing in, {scheme}")
    dialog.get_by_label("API key").fill(locked.key)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert page.locator(".top nav").evaluate("one => one.clientHeight") < 50  # in one line
    look(page, "signed in")


def test_a_service_that_cannot_write_can_be_read_by_everybody(opened, unwritten: Service):
    page = opened(unwritten, width=360)
    find(page)
    look(page, "read-only")
