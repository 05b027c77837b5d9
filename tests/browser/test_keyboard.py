"""The whole path without a mouse."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import BRIEF, card, ids, parameter
from tests.browser.service import Service

pytestmark = pytest.mark.browser
MOST_TABS = 120
FOCUSED = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"


def tab_to(page: Page, selector: str, *, back: bool = False) -> None:
    """Press Tab until an element has the focus, and see that the focus can be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("one => document.activeElement.matches(one)", selector):
            break
    else:
        raise AssertionError(f"{selector} is not reached; the focus is at {page.evaluate(FOCUSED)}")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_from_a_brief_to_a_hire_by_keyboard_alone(opened, live: Service):
    page = opened(width=1440)
    tab_to(page, "#skip")
    page.keyboard.press("Enter")
    tab_to(page, "#brief")
    page.keyboard.insert_text(BRIEF)
    page.keyboard.press("Control+Enter")
    expect(card(page, "ada")).to_be_visible()

    tab_to(page, '[data-chip="skills:django"]')
    page.keyboard.press("Delete")
    expect(page.locator('[data-chip="skills:django"]')).to_have_count(0)
    expect(page.locator(".chip-add")).to_be_focused()
    expect(page.locator(".card[data-id]").first).to_be_visible()
    first, second = ids(page)[:2]
    tab_to(page, f'[data-id="{first}"] [data-act="compare"]')
    page.keyboard.press("Space")
    card(page, first).focus()
    page.keyboard.press("j")
    expect(card(page, second)).to_be_focused()
    tab_to(page, f'[data-id="{second}"] [data-act="compare"]')
    page.keyboard.press("Space")
    tab_to(page, ".compare-bar .primary")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Back to the list")).to_be_focused()
    page.keyboard.press("Enter")
    expect(card(page, first)).to_be_visible()

    tab_to(page, f'[data-id="{first}"] [data-act="shortlist"]')
    page.keyboard.press("Enter")
    expect(card(page, first).locator('[data-act="shortlist"]')).to_be_focused()
    tab_to(page, f'[data-id="{second}"] [data-act="shortlist"]')
    page.keyboard.press("Enter")
    expect(page.locator(".shortlist > li")).to_have_count(2)
    tab_to(page, f'.shortlist [data-id="{first}"] [data-act="down"]')
    page.keyboard.press("Enter")
    expect(page.locator(".shortlist > li").last).to_have_attribute("data-id", first)
    tab_to(page, f'.shortlist [data-id="{first}"] [data-act="hire"]')
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("spinbutton")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(f'.shortlist [data-id="{first}"]')).to_contain_text("hired at")
    told = live.events(parameter(page, "job"))
    assert [(one["kind"], one["freelancer_id"]) for one in told] == [
        ("shortlisted", first),
        ("shortlisted", second),
        ("hired", first),
    ]


def test_a_dialog_keeps_the_focus_and_gives_it_back(listed):
    page = listed()
    first = ids(page)[0]
    opener = card(page, first).locator('[data-act="dismiss"]')
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").locator("textarea")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement.closest('dialog, body')?.matches('dialog, body')"
        )
        assert not page.evaluate("document.activeElement.closest('main')")
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_an_editor_is_called_off_with_escape(listed):
    page = listed()
    page.locator('[data-chip="skills:postgresql"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".chip-form input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator('[data-chip="skills:postgresql"]')).to_be_focused()
