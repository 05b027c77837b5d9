"""Whatever people write of themselves, or into a brief, or an address, stays text."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import card, find, ids
from tests.browser.market import HOSTILE, LONG, ODD, SCRIPT

pytestmark = pytest.mark.browser
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def unharmed(page: Page) -> None:
    assert page.evaluate("window.harmed") is None
    assert page.locator("main img, main script, main iframe").count() == 0
    assert not page.evaluate(WIDER)


@pytest.mark.parametrize("width", [360, 1440])
def test_a_profile_that_attacks_is_shown_as_it_is_written(listed, width):
    page = listed(width=width)
    evil = card(page, HOSTILE)
    expect(evil.locator("h3")).to_have_text(f"{SCRIPT} {ODD}")
    evil.get_by_role("button", name=re.compile("Details")).click()
    expect(evil.locator(".own-words")).to_contain_text(SCRIPT)
    expect(evil.locator(".own-words")).to_contain_text(LONG[:100])
    expect(evil.locator(".skills, .own-words").last).to_contain_text(ODD.split()[0])
    unharmed(page)
    evil.get_by_role("checkbox").check()
    card(page, ids(page)[0]).get_by_role("checkbox").check()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("table")).to_contain_text(SCRIPT)
    unharmed(page)


def test_notes_are_text_too(listed):
    page = listed(width=1440)
    card(page, HOSTILE).locator('[data-act="dismiss"]').click()
    page.get_by_role("dialog").locator("textarea").fill(f"{SCRIPT} {ODD} {LONG}")
    page.get_by_role("dialog").get_by_role("button", name="Dismiss", exact=True).click()
    expect(card(page, HOSTILE)).to_contain_text(SCRIPT)
    expect(page.locator(".toast")).to_contain_text(SCRIPT)
    unharmed(page)


def test_a_brief_may_hold_anything(opened):
    page = opened()
    find(page, f"{SCRIPT} {ODD}\n{LONG} PostgreSQL & <b>x</b> %00 # ? = +")
    unharmed(page)
    page.reload()
    expect(page.locator(".card[data-id]").first).to_be_visible()
    text = page.get_by_role("textbox", name="Brief").input_value()
    assert text == f"{SCRIPT} {ODD}\n{LONG} PostgreSQL & <b>x</b> %00 # ? = +"
    unharmed(page)


def test_an_address_cannot_inject(opened):
    page = opened(path=f'#/find?q={SCRIPT}&e={{"skills":["{SCRIPT}"],"__proto__":{{"x":1}}}}')
    expect(page.locator(".chips, .problem").first).to_be_visible()
    assert page.evaluate("({}).x") is None
    unharmed(page)
