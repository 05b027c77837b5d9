"""A service that asks for a key: it is asked for once, and kept where no script reads it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import BRIEF, card, find, ids, parameter
from tests.browser.service import Service

pytestmark = pytest.mark.browser


def test_a_key_opens_the_console_and_signs_what_is_decided(opened, locked: Service):
    page = opened(locked)
    dialog = page.get_by_role("dialog", name="Sign in")
    dialog.get_by_label("API key").fill("wrong")
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("does not know this key")
    dialog.get_by_label("API key").fill(locked.key)
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("dashboard")).to_be_visible()
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])") == "[{},{}]"

    find(page)
    first = ids(page)[0]
    card(page, first).locator('[data-act="shortlist"]').click()
    expect(page.locator(".is-shortlisted")).to_have_count(1)
    (event,) = locked.events(parameter(page, "job"))
    assert (event["kind"], event["freelancer_id"]) == ("shortlisted", first)

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in").first).to_be_visible()
    assert page.context.cookies() == []


def test_a_search_without_a_key_asks_for_it_and_then_goes_on(opened, locked: Service):
    page = opened(locked)
    page.get_by_role("button", name="Not now").click()
    page.get_by_role("textbox", name="Brief").fill(BRIEF)
    page.get_by_role("button", name="Find people").click()
    page.get_by_label("API key").fill(locked.key)
    page.keyboard.press("Enter")
    expect(card(page, "ada")).to_be_visible()
    expect(page.get_by_role("textbox", name="Brief")).to_have_value(BRIEF)
