"""The whole path, from a brief to a hire, and what is on record of it afterwards."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import BRIEF, card, find, ids, parameter
from tests.browser.service import Service

pytestmark = pytest.mark.browser


def press(page: Page, id_: str, act: str) -> None:
    card(page, id_).locator(f'[data-act="{act}"]').click()


def say(page: Page, words: str, confirm: str) -> None:
    """Answer the dialog that is open."""
    dialog = page.get_by_role("dialog")
    dialog.locator("textarea, input").fill(words)
    dialog.get_by_role("button", name=confirm, exact=True).click()
    dialog.wait_for(state="detached")


def shortlist_of(page: Page) -> list[str]:
    return page.locator(".shortlist > li").evaluate_all("all => all.map(one => one.dataset.id)")


def test_a_brief_becomes_a_hire_and_all_of_it_is_on_record(listed, live: Service):
    page = listed(width=1440)
    before = ids(page)
    first, second, third = before[:3]

    for id_ in (first, second):
        card(page, id_).get_by_role("checkbox").check()
    page.get_by_role("button", name="Compare", exact=True).click()
    table = page.get_by_role("table")
    expect(table.get_by_role("columnheader")).to_have_count(2)
    expect(table.get_by_role("rowheader", name="Chance of a hire")).to_be_visible()
    page.go_back()
    expect(card(page, first)).to_be_visible()

    press(page, first, "shortlist")
    expect(card(page, first)).to_contain_text("shortlisted")
    press(page, second, "shortlist")
    expect(page.locator(".shortlist > li")).to_have_count(2)
    press(page, third, "dismiss")
    say(page, "Rate too high", "Dismiss")
    expect(card(page, third)).to_contain_text("Rate too high")

    panel = page.locator(".shortlist")
    panel.locator(f'[data-id="{second}"] [data-act="up"]').click()
    expect(panel.locator("> li").first).to_have_attribute("data-id", second)
    panel.locator(f'[data-id="{second}"] [data-act="note"]').click()
    say(page, "Ask about the night shift", "Keep")
    expect(panel).to_contain_text("Ask about the night shift")
    panel.locator(f'[data-id="{second}"] [data-act="invite"]').click()
    expect(panel).to_contain_text("invited")
    panel.locator(f'[data-id="{second}"] [data-act="hire"]').click()
    say(page, "47.5", "Hire")
    expect(panel).to_contain_text("hired at 47.50 USD")

    job, decision = parameter(page, "job"), parameter(page, "d")
    written = live.events(job)
    assert [(one["kind"], one["freelancer_id"]) for one in written] == [
        ("shortlisted", first),
        ("shortlisted", second),
        ("rejected", third),
        ("invited", second),
        ("hired", second),
    ]
    assert written[-1]["value"] == 47.5
    assert {one["decision_id"] for one in written} == {decision}
    assert [one["position"] for one in written] == [1, 2, 3, 2, 2]
    record = live.decision(decision)
    assert (record["job_id"], [one["id"] for one in record["shown"]]) == (job, before)
    orders = [(one["order"], one["reason"]) for one in record["overrides"]]
    moved = [second, first, *before[2:]]
    assert orders == [
        ([third], "Rate too high"),
        (moved, ""),
        ([second], "Ask about the night shift"),
    ]
    kept = live.api.get(f"/v1/jobs/{job}").json()
    assert (kept["title"], kept["budget_usd_max"]) == ("Speed up our PostgreSQL reports", 60)


def test_a_shared_address_shows_the_same_list_and_what_was_decided(listed, opened):
    page = listed(width=1440)
    first, second = ids(page)[:2]
    press(page, first, "shortlist")
    press(page, second, "shortlist")
    expect(page.locator(".shortlist > li")).to_have_count(2)
    page.locator(f'.shortlist [data-id="{second}"] [data-act="up"]').click()
    expect(page.locator(".shortlist > li").first).to_have_attribute("data-id", second)
    chances = page.locator(".card .chance").all_inner_texts()
    path = page.url.split("/", 3)[3]

    other = opened(path=path, width=1440)
    expect(other.locator(".card[data-id]").first).to_be_visible()
    assert ids(other) == ids(page)
    assert other.locator(".card .chance").all_inner_texts() == chances
    assert shortlist_of(other) == [second, first]
    assert other.get_by_role("textbox", name="Brief").input_value() == BRIEF


def test_dismissing_can_be_undone(listed, live: Service):
    page = listed()
    (first,) = ids(page)[:1]
    press(page, first, "dismiss")
    say(page, "Lacks a skill", "Dismiss")
    expect(card(page, first)).to_have_class(re.compile("is-dismissed"))
    page.get_by_role("button", name="Undo, shortlist instead").click()
    expect(card(page, first)).not_to_have_class(re.compile("is-dismissed"))
    kinds = [one["kind"] for one in live.events(parameter(page, "job"))]
    assert kinds == ["rejected", "shortlisted"]


def test_a_dialog_that_is_called_off_writes_nothing(listed):
    page = listed()
    press(page, ids(page)[0], "dismiss")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert parameter(page, "job") == ""


def test_two_quick_clicks_make_one_job(listed, live: Service):
    page = listed()
    first, second = ids(page)[:2]
    page.evaluate(
        """ids => ids.forEach(id =>
            document.querySelector(`.card[data-id="${id}"] [data-act="shortlist"]`).click())""",
        [first, second],
    )
    expect(page.locator(".is-shortlisted")).to_have_count(2)
    told = live.events(parameter(page, "job"))
    assert [one["freelancer_id"] for one in told] == [first, second]


def test_another_brief_begins_anew(listed):
    page = listed()
    press(page, ids(page)[0], "shortlist")
    expect(page.locator(".is-shortlisted")).to_have_count(1)
    find(page, "A poster with ink and paper")
    expect(page.locator(".is-shortlisted")).to_have_count(0)
    assert (parameter(page, "job"), parameter(page, "d")) == ("", "")


def test_decisions_outlive_other_filters(listed):
    page = listed(width=1440)
    first = ids(page)[0]
    card(page, first).get_by_role("button", name=re.compile("^Details")).click()
    card(page, first).locator('[data-act="note"]').click()
    say(page, "Knows our site", "Keep")
    expect(card(page, first)).to_contain_text("Knows our site")
    press(page, first, "shortlist")
    expect(page.locator(".shortlist > li")).to_have_count(1)
    page.get_by_label("Asks at most, USD/hour").fill("70")
    page.keyboard.press("Enter")
    expect(card(page, "bo")).to_have_count(0)
    expect(card(page, first)).to_contain_text("Knows our site")
    assert shortlist_of(page) == [first]


def test_somebody_who_is_shortlisted_but_not_on_the_list_any_more_is_still_noted(listed, live):
    page = listed(width=1440)
    press(page, "bo", "shortlist")
    expect(page.locator(".shortlist > li")).to_have_count(1)
    earlier = parameter(page, "d")
    page.get_by_label("Asks at most, USD/hour").fill("70")
    page.keyboard.press("Enter")
    expect(card(page, "bo")).to_have_count(0)
    expect(page.locator(".shortlist")).to_contain_text("Django and PostgreSQL")
    page.locator('.shortlist [data-id="bo"] [data-act="note"]').click()
    say(page, "Would come down to 70", "Keep")
    expect(page.locator(".shortlist")).to_contain_text("Would come down to 70")
    (note,) = live.decision(earlier)["overrides"]
    assert (note["order"], note["reason"]) == (["bo"], "Would come down to 70")


def test_nobody_is_decided_about_for_a_list_that_is_not_there_yet(listed, live):
    page = listed(width=1440)
    press(page, ids(page)[0], "shortlist")
    expect(page.locator(".shortlist > li")).to_have_count(1)
    page.route("**/v1/matches", lambda route: None)
    page.get_by_role("textbox", name="Brief").fill("Posters, ink and paper")
    page.get_by_role("button", name="Find people").click()
    expect(page.locator(".is-waiting").first).to_be_visible()
    expect(page.locator(".shortlist > li")).to_have_count(0)
