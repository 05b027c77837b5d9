"""A service that is slow, fails, is away, or may not be written to."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import BRIEF, card, find, ids
from tests.browser.service import Service

pytestmark = pytest.mark.browser
PROBLEM = {
    "type": "/problems/busy",
    "title": "Too many wait",
    "status": 503,
    "detail": "64 matches wait; try again in a moment",
    "instance": "/v1/matches",
    "code": "busy",
}


def refuse(route: Route) -> None:
    route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(PROBLEM))


def ask(page: Page) -> None:
    page.get_by_role("textbox", name="Brief").fill(BRIEF)
    page.get_by_role("button", name="Find people").click()


def test_while_it_waits_the_list_is_drawn_in_outline_and_nothing_jumps(opened):
    page = opened(width=1440)
    held: list[Route] = []
    page.route("**/v1/matches", lambda route: held.append(route))  # noqa: PLW0108  (Playwright marks what it is given)
    page.evaluate(
        """() => { globalThis.shifts = 0; new PerformanceObserver(list => {
            for (const one of list.getEntries()) shifts += one.hadRecentInput ? 0 : one.value;
        }).observe({ type: "layout-shift", buffered: true }) }"""
    )
    ask(page)
    expect(page.locator(".card.is-waiting")).to_have_count(6)
    expect(page.get_by_role("region", name="Results")).to_have_attribute("aria-busy", "true")
    page.wait_for_timeout(600)  # a shift within half a second of a click is not counted as one
    held[0].fallback()
    expect(card(page, "ada")).to_be_visible()
    expect(page.locator(".card.is-waiting")).to_have_count(0)
    assert page.evaluate("shifts") < 0.02


def test_a_new_search_overtakes_a_slow_one(opened):
    page = opened()
    held: list[Route] = []
    page.route("**/v1/matches", lambda route: held.append(route))  # noqa: PLW0108  (Playwright marks what it is given)
    ask(page)
    expect(page.locator(".card.is-waiting")).to_have_count(6)
    page.unroute("**/v1/matches")
    find(page, "ink and paper for posters")
    first = ids(page)
    page.wait_for_timeout(50)
    assert ids(page) == first
    assert page.locator(".problem").count() == 0


def test_a_refusal_is_shown_in_the_services_words_and_can_be_tried_again(opened):
    page = opened()
    page.route("**/v1/matches", refuse)
    ask(page)
    problem = page.get_by_role("alert").filter(has_text="Too many wait")
    expect(problem).to_contain_text("64 matches wait")
    expect(problem).to_contain_text("busy")
    page.unroute("**/v1/matches")
    page.get_by_role("button", name="Try again").click()
    expect(card(page, "ada")).to_be_visible()


@pytest.mark.parametrize("body", ["<html>bad gateway</html>", "", '{"half": '])
def test_an_answer_that_is_no_json_is_no_riddle(opened, body):
    page = opened()
    page.route("**/v1/briefs", lambda route: route.fulfill(status=200, body=body))
    ask(page)
    expect(page.get_by_text("The answer was cut short")).to_be_visible()


def test_offline_is_said_and_what_was_typed_is_kept(opened):
    page = opened()
    page.get_by_role("textbox", name="Brief").fill(BRIEF)
    page.context.set_offline(True)
    page.get_by_role("button", name="Find people").click()
    expect(page.get_by_text("This device is offline. What you typed is kept.")).to_be_visible()
    expect(page.get_by_text("You are offline.")).to_be_visible()
    expect(page.get_by_role("textbox", name="Brief")).to_have_value(BRIEF)
    page.context.set_offline(False)
    expect(page.get_by_text("You are offline.")).not_to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(card(page, "ada")).to_be_visible()


def test_a_brief_that_was_never_sent_survives_a_reload(opened):
    page = opened()
    page.get_by_role("textbox", name="Brief").fill("half a thought")
    page.reload()
    expect(page.get_by_role("textbox", name="Brief")).to_have_value("half a thought")


def test_a_decision_that_was_not_written_says_so_and_is_tried_again(listed):
    page = listed()
    first = ids(page)[0]
    page.route("**/v1/events", refuse)
    card(page, first).locator('[data-act="shortlist"]').click()
    toast = page.locator(".toast")
    expect(toast).to_contain_text("was not written down")
    expect(page.locator(".is-shortlisted")).to_have_count(0)
    page.unroute("**/v1/events")
    toast.get_by_role("button", name="Try again").click()
    expect(page.locator(".is-shortlisted")).to_have_count(1)


def test_a_service_without_a_database_lists_and_says_that_it_cannot_write(
    listed, unwritten: Service
):
    page = listed(unwritten)
    expect(page.get_by_text("started without a database").first).to_be_visible()
    expect(card(page, "ada").locator('[data-act="shortlist"]')).to_be_disabled()
    expect(card(page, "ada").locator('[data-act="dismiss"]')).to_be_disabled()
    card(page, "ada").get_by_role("checkbox").check()
    expect(page.get_by_text("Pick one more to compare")).to_be_visible()


@pytest.mark.parametrize(
    "cut", ["#/find?q=PostgreSQL&e=%7B%22ski&f=null&k=7&c=nobody&v=compare", "#/nowhere", "#?&&=%"]
)
def test_a_damaged_address_still_shows_a_page(opened, cut):
    page = opened(path=cut)
    expect(page.get_by_role("textbox", name="Brief")).to_be_visible()
    expect(page.locator(".problem")).to_have_count(0)


def test_a_list_that_is_no_longer_on_record_is_made_anew(opened):
    gone = "00000000-0000-4000-8000-000000000000"
    page = opened(path=f"#/find?q=PostgreSQL&job=j0&d={gone}")
    expect(card(page, "ada")).to_be_visible()
