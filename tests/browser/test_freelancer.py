"""The Freelancer page: somebody's best open jobs, what would raise the chance, and every state."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser.answers import LIGHTEST, broken_rules, go
from tests.browser.conftest import Opened
from tests.browser.freelancer_answers import (
    PATH,
    Json,
    a_match,
    a_problem,
    an_answer,
)
from tests.browser.market import HOSTILE
from tests.browser.service import Service
from tests.browser.test_model import shown as models_shown

pytestmark = pytest.mark.browser


@pytest.fixture
def page(opened: Opened) -> Page:
    return opened(path=LIGHTEST)


@pytest.fixture(scope="module")
def usual(browser: Browser, live: Service) -> Iterator[Page]:
    """The page for the usual answer, opened once; for those who only read it."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(live.url + LIGHTEST)
    shown(page)
    yield page
    context.close()


def shown(page: Page, answer: Json | None = None, address: str = "#/freelancer?id=f1") -> None:
    """The page, drawn from an answer."""
    page.route(PATH, lambda route: route.fulfill(json=answer or an_answer()))
    go(page, address)
    expect(page.get_by_role("heading", name="What would raise the chance")).to_be_visible()


def test_an_id_is_typed_and_the_address_holds_it(page):
    page.route(PATH, lambda route: route.fulfill(json=an_answer()))
    go(page, "#/freelancer")
    expect(page.get_by_text("Type the id of a freelancer")).to_be_visible()
    page.get_by_label("Freelancer id").fill(" a/ü&b ")
    with page.expect_request(PATH) as asked:
        page.keyboard.press("Enter")
    assert asked.value.url.endswith("/v1/freelancers/a%2F%C3%BC%26b/jobs")
    assert asked.value.post_data_json == {"k": 10, "details": True}
    expect(page.get_by_role("heading", name="Database engineer")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Freelancer id")).to_have_value("a/ü&b")
    with page.expect_request(PATH):  # the same once more asks anew
        page.get_by_role("button", name="Show", exact=True).click()
    page.go_back()
    expect(page.get_by_text("Type the id of a freelancer")).to_be_visible()


def test_a_job_says_pay_overlap_skills_and_why_it_is_there(usual):
    job = usual.get_by_role("listitem", name="1. Move report 1 to PostgreSQL")
    expect(job).to_contain_text("45 USD/hour for 1 week")
    expect(job).to_contain_text("5 USD/hour below what they ask")
    expect(job).to_contain_text("8 of 8 h overlap with the client's day (UTC+1)")
    assert job.locator(".skills li").all_text_contents() == ["has postgresql", "lacks dbt"]
    assert job.locator(".reason-words").all_text_contents() == [
        "was hired for jobs like this",
        "went for similar jobs",
        "asks more than the job pays",
    ]
    job.get_by_text("What the client wrote").click()
    expect(job.get_by_text("You find out why.")).to_be_visible()
    expect(usual.get_by_text("31 jobs posted so long ago")).to_be_visible()


def test_few_ratings_are_shown_with_what_they_leave_open(usual):
    track = usual.get_by_role("region", name="Track record")
    expect(track.get_by_role("img")).to_have_accessible_description(
        "Expected 4.6 of 5, 90% interval 4.1 to 4.9"
    )
    expect(track).to_contain_text("Rated 5 of 5 on average by 2 clients")
    line, dot = track.locator(".plot-interval"), track.locator(".plot-dot")
    low, high = (float(line.get_attribute(end)) for end in ("x1", "x2"))
    at = float(dot.get_attribute("cx"))
    assert (at - low) / (high - low) == pytest.approx((4.6 - 4.1) / (4.9 - 4.1), abs=0.01)


def test_advice_says_how_many_jobs_it_rests_on_and_what_it_cannot_know(usual):
    advice = usual.get_by_role("region", name="What would raise the chance")
    skill, rate = advice.get_by_role("listitem").all()
    expect(skill).to_contain_text("10 of 40 jobs ask for dbt.")
    expect(skill.locator(".share-part")).to_have_attribute("width", "25%")
    expect(rate.locator(".share")).to_have_count(0)
    expect(advice.locator(".limits")).to_contain_text("it promises nothing")


def test_more_jobs_follow_at_the_same_instant_and_take_the_focus(page):
    asked: list[Request] = []

    def answered(route: Route, request: Request) -> None:
        asked.append(request)
        k = request.post_data_json["k"]
        route.fulfill(json=an_answer(matches=[a_match(rank + 1) for rank in range(min(k, 13))]))

    page.route(PATH, answered)
    go(page, "#/freelancer?id=f1")
    page.get_by_role("button", name="Show more jobs").press("Enter")
    expect(page.get_by_role("listitem", name="11. Move report 11 to PostgreSQL")).to_be_focused()
    expect(page.locator(".job")).to_have_count(13)
    expect(page.get_by_role("button", name="Show more jobs")).to_have_count(0)  # 13 of 20 came
    assert asked[1].post_data_json == {"k": 20, "details": True, "as_of": "2026-11-29T10:00:00Z"}
    assert page.url.endswith("#/freelancer?id=f1&k=20")


def test_old_data_lead_to_the_day_that_they_end(page):
    warning = (
        "the data ends at 2026-03-24T17:57:20Z, 250 days before as_of: who is free is not known"
    )
    old = an_answer(
        matches=[],
        advice=[],
        warnings=[warning],
        index={"size": 542, "as_of": "2026-03-24T17:57:20Z"},
        excluded={"given_up": 542},
    )
    shown(page, old)
    expect(page.get_by_text("No jobs to show")).to_be_visible()
    expect(page.get_by_text("Without open jobs to set the profile beside")).to_be_visible()
    with page.expect_request(PATH) as asked:
        page.get_by_role("link", name="Show the jobs as of 24 Mar 2026").click()
    assert asked.value.post_data_json["as_of"] == "2026-03-24T17:57:21.000Z"
    expect(page.get_by_role("link", name="Back to now")).to_be_visible()


def test_nobody_and_nothing_known_are_told_apart(page):
    unknown = a_problem(404, "unknown-freelancer", "No such", "no freelancer 'ghost' is known")
    page.route(PATH, lambda route: route.fulfill(**unknown))
    go(page, "#/freelancer?id=ghost")
    expect(page.get_by_role("alert")).to_contain_text("Nobody is known as ghost")
    page.unroute(PATH)
    shown(page, an_answer(freelancer=None, matches=[]), "#/freelancer?id=bare")
    expect(page.get_by_text("Nothing is known but the id.")).to_be_visible()
    expect(page.get_by_text("Nothing is on record.")).to_be_visible()


def test_a_refusal_is_told_and_can_be_tried_again(page):
    busy = a_problem(503, "busy", "Too many matches wait", "try again in a moment")
    page.route(PATH, lambda route: route.fulfill(**busy))
    go(page, "#/freelancer?id=f1")
    expect(page.get_by_role("alert")).to_contain_text("Too many matches wait")
    page.unroute(PATH)
    page.route(PATH, lambda route: route.fulfill(json=an_answer()))
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Database engineer")).to_be_visible()


def test_somebody_who_means_harm_is_shown_as_they_wrote(page):
    """The service itself answers; its market holds a profile made of markup."""
    go(page, f"#/freelancer?id={HOSTILE}")
    expect(page.get_by_role("heading", name=re.compile("<img src=x"))).to_be_visible()
    expect(page.get_by_role("region", name="What would raise the chance")).to_be_visible()
    assert page.locator("main img, main script").count() == 0
    assert page.evaluate("window.harmed") is None
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths[0] <= widths[1]


def test_both_pages_are_accessible(opened):
    """No rule of axe is broken, wide or narrow; what depends on colours holds in the dark, too."""
    page = opened(path=LIGHTEST, color_scheme="light")
    for see in (shown, models_shown):
        see(page)
        page.evaluate(
            "document.querySelectorAll('main details').forEach(one => { one.open = true })"
        )
        for width in (1440, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="light")
            assert broken_rules(page) == []
            page.emulate_media(color_scheme="dark")
            assert broken_rules(page, only=("color-contrast",)) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width
