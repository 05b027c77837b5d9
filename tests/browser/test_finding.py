"""What was understood, filters, the address, and the way back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import BRIEF, card, find, ids, parameter
from tests.browser.market import HOSTILE

pytestmark = pytest.mark.browser


def test_an_empty_page_explains_itself_and_offers_an_example(opened):
    page = opened()
    page.get_by_role("button", name="Try this example").click()
    expect(card(page, "ada")).to_be_visible()
    assert "PostgreSQL" in page.get_by_role("textbox", name="Brief").input_value()


def test_an_empty_brief_is_not_sent(opened):
    page = opened()
    page.get_by_role("button", name="Find people").click()
    expect(page.get_by_text("Write a line about the work first.")).to_be_visible()


def test_a_card_says_what_a_recruiter_asks(listed):
    page = listed()
    ada = card(page, "ada")
    expect(ada.locator("h3")).to_have_text("PostgreSQL reports that are fast")
    expect(ada.locator(".chance")).to_have_text(
        re.compile(r"(remote|unlikely|possible|fair) .*%.*list.s middle")
    )
    expect(ada.locator(".track")).to_have_text(re.compile(r"of 5 \(\d\.\d.\d\.\d\)"))
    expect(ada.locator(".terms")).to_contain_text("45 USD/h in budget")
    expect(ada.locator(".terms")).to_have_text(re.compile(r"\d\d:\d\d there"))
    expect(ada.locator(".terms")).to_contain_text("8 of 8 h overlap")
    expect(ada.locator(".reason.plus").first).to_contain_text("For:")
    expect(ada.locator("h3 mark").first).to_have_text("PostgreSQL")
    expect(card(page, "bo").locator(".terms")).to_contain_text("20 over")


def test_details_are_made_when_a_card_is_opened(listed):
    page = listed()
    ada = card(page, "ada")
    assert ada.locator(".detail").count() == 0
    opener = ada.get_by_role("button", name=re.compile("^Details"))
    opener.click()
    expect(ada.get_by_role("heading", name="In their own words")).to_be_visible()
    expect(ada.locator(".own-words mark").first).to_be_visible()
    expect(opener).to_have_attribute("aria-expanded", "true")
    expect(ada.locator(".detail")).to_contain_text("ratings make this wide")
    unrated = card(page, HOSTILE)
    unrated.get_by_role("button", name=re.compile("Details")).click()
    expect(unrated.locator(".detail")).to_contain_text("Nobody has rated them here yet")
    opener.click()
    expect(ada.locator(".detail")).to_have_count(0)


def test_labels_are_corrected_and_the_list_follows(listed):
    page = listed()
    chips = page.get_by_role("list", name="Understood from the brief")
    expect(chips).to_contain_text("Budget: 35\u201360 USD/hour")
    chips.get_by_role("button", name="Budget: 35\u201360 USD/hour", exact=True).click()
    page.get_by_label("To, USD").fill("90")
    page.keyboard.press("Enter")
    expect(chips).to_contain_text("Budget: 35\u201390 USD/hour")
    expect(card(page, "bo").locator(".terms")).to_contain_text("in budget")
    chips.get_by_role("button", name="Remove Skill: Django").click()
    expect(chips).not_to_contain_text("Django")
    chips.get_by_label("Add to what was understood").select_option("Language")
    page.get_by_label("Language", exact=True).fill("Klingonese")
    page.keyboard.press("Enter")
    expect(chips).to_contain_text("is not known as a language")
    page.get_by_label("Language", exact=True).fill("German")
    page.keyboard.press("Enter")
    expect(chips).to_contain_text("Language: German")
    page.reload()
    expect(chips).to_contain_text("Language: German")
    expect(chips).not_to_contain_text("Django")


def test_a_filter_leaves_out_says_whom_and_is_relaxed_with_a_click(listed):
    page = listed()
    assert {"bo", "di", "ed"} & set(ids(page)) == {"bo", "ed"}  # di has too few hours
    page.get_by_label("Asks at most, USD/hour").fill("50")
    page.keyboard.press("Tab")
    expect(card(page, "bo")).to_have_count(0)
    out = page.locator(".excluded")
    expect(out).to_contain_text("1 person asking over 50 USD/hour")
    expect(out).to_contain_text("1 person with unknown rate")
    out.get_by_role("button", name="Relax: have back those asking over").click()
    expect(card(page, "bo")).to_be_visible()
    expect(page.get_by_label("Asks at most, USD/hour")).to_have_value("")


def test_nobody_left_is_said_with_a_way_out(listed):
    page = listed()
    page.get_by_label("Lists all skills of").fill("Falconry")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("None of 16 people passes"))).to_be_visible()
    page.get_by_role("button", name="Clear all filters").click()
    expect(card(page, "di")).to_be_visible()


def test_back_and_forward_walk_through_the_searches(listed):
    page = listed()
    page.get_by_label("Asks at most, USD/hour").fill("50")
    page.keyboard.press("Enter")
    expect(card(page, "bo")).to_have_count(0)
    find(page, "A poster with ink and paper")
    page.go_back()
    expect(page.get_by_role("textbox", name="Brief")).to_have_value(BRIEF)
    expect(page.get_by_label("Asks at most, USD/hour")).to_have_value("50")
    page.go_back()
    expect(card(page, "bo")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Try this example")).to_be_visible()
    page.go_forward()
    expect(card(page, "bo")).to_be_visible()


def test_the_size_of_the_list_is_in_the_address(listed):
    page = listed(brief="ink and paper")
    assert len(ids(page)) == 10
    page.get_by_label("Show").select_option("25")
    expect(page.locator(".card[data-id]")).to_have_count(16)
    assert parameter(page, "k") == "25"
    page.reload()
    expect(page.locator(".card[data-id]")).to_have_count(16)


def test_the_words_of_the_search_never_leave_in_a_path(opened):
    page = opened()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    find(page)
    assert [one for one in asked if "Month-end" in one or "q=" in one] == []


def test_a_comparison_can_be_shared_and_holds_four(listed, opened):
    page = listed()
    chosen = ids(page)[:5]
    for id_ in chosen[:4]:
        card(page, id_).get_by_role("checkbox").check()
    card(page, chosen[4]).get_by_role("checkbox").click()
    expect(page.get_by_text("Four people fit side by side.")).to_be_visible()
    expect(card(page, chosen[4]).get_by_role("checkbox")).not_to_be_checked()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("columnheader")).to_have_count(4)
    other = opened(path=page.url.split("/", 3)[3])
    expect(other.get_by_role("columnheader")).to_have_count(4)
