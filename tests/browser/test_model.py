"""The Model page: plots say what the JSON says, and what is missing says what would make it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.answers import LIGHTEST, go
from tests.browser.conftest import Opened
from tests.browser.model_reports import (
    HOSTILE,
    SYSTEMS,
    Json,
    a_card,
    a_refusal,
    a_report,
    an_empty_report,
)
from tests.browser.service import Service

MISSING = {
    "Ladder": "matcher evaluate",
    "Reliability": "matcher evaluate",
    "Feature importance": "matcher train",
    "Drift": "matcher drift",
    "History": "matcher promote",
    "Latency": "POST /v1/matches",
}

pytestmark = pytest.mark.browser


@pytest.fixture
def page(opened: Opened) -> Page:
    return opened(path=LIGHTEST)


@pytest.fixture(scope="module")
def usual(browser: Browser, live: Service) -> Iterator[Page]:
    """The page for the usual report, opened once; for those who only read it."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(live.url + LIGHTEST)
    shown(page)
    yield page
    context.close()


def shown(page: Page, report: Json | None = None, card: Json | None = None) -> None:
    """The page, drawn from these answers."""
    page.route("**/v1/model", lambda route: route.fulfill(json=card or a_card()))
    page.route("**/v1/model/report", lambda route: route.fulfill(json=report or a_report()))
    go(page, "#/model")
    expect(page.get_by_role("heading", name="Ladder")).to_be_visible()


def marks(page: Page, figure: str, mark: str, place: str) -> list[float]:
    """Where marks lie in a figure, in the order drawn."""
    found = page.get_by_role("region", name=figure, exact=True).locator(mark).all()
    return [float(one.get_attribute(place) or "nan") for one in found]


def test_places_of_the_ladder_are_those_of_the_numbers(usual):
    figure = usual.get_by_role("region", name="Ladder", exact=True)
    best_first = sorted(SYSTEMS, key=lambda name: -SYSTEMS[name][0])
    assert figure.locator(".plot-name").all_text_contents() == best_first
    dots = marks(usual, "Ladder", ".plot-dot", "cx")
    low, high = (marks(usual, "Ladder", ".plot-interval", end) for end in ("x1", "x2"))
    scale = [
        (value, place)
        for name, dot, start, end in zip(best_first, dots, low, high, strict=True)
        for value, place in (
            (SYSTEMS[name][0], dot),
            *zip(SYSTEMS[name][1], (start, end), strict=True),
        )
    ]
    steps = [
        (place - before) / (value - less)
        for (less, before), (value, place) in pairwise(sorted(scale))
        if value > less + 0.001
    ]
    assert max(steps) == pytest.approx(min(steps), rel=0.05)  # one straight scale for all
    expect(figure.locator(".is-strong .plot-name")).to_have_text("ranker")
    expect(figure).to_contain_text("0.084 above hybrid")


def test_reliability_joins_bins_that_predict_the_same(usual):
    dots = marks(usual, "Reliability", "circle", "data-n")
    assert dots == [2000, 1000, 1000, 1000]
    across, down = (marks(usual, "Reliability", "circle", place) for place in ("cx", "cy"))
    assert across == sorted(across)
    assert down == sorted(down, reverse=True)  # more were hired of those who were told more


def test_shows_fifteen_features_and_all_when_asked(usual):
    figure = usual.get_by_role("region", name="Feature importance", exact=True)
    widths = marks(usual, "Feature importance", ".plot-bar", "width")
    assert len(widths) == 15
    assert widths[0] / widths[1] == pytest.approx(2, rel=0.01)
    more = figure.get_by_role("button", name="Show all 20")
    more.focus()
    usual.keyboard.press("Enter")
    expect(figure.locator(".plot-bar")).to_have_count(20)
    fewer = figure.get_by_role("button", name="Show the first 15")
    expect(fewer).to_be_focused()
    expect(fewer).to_have_attribute("aria-expanded", "true")


def test_what_moved_is_told_by_more_than_its_colour(usual):
    figure = usual.get_by_role("region", name="Drift", exact=True)
    expect(figure.locator("path.plot-dot")).to_have_count(1)
    expect(figure.locator(".is-strong .plot-value")).to_have_text("2.8 moved")
    far, noisy, stayed = marks(usual, "Drift", ".plot-dot", "data-x")
    assert far > noisy > stayed
    moderate, large = marks(usual, "Drift", ".plot-limit", "x1")
    assert moderate < noisy < large < far  # 0.1, 0.2, 0.25, 2.8


def test_history_and_challenger_say_who_ruled_and_who_was_refused(page):
    shown(page, a_report(challenger=a_refusal()))
    figure = page.get_by_role("region", name="History", exact=True)
    assert figure.locator(".plot-name").all_text_contents() == [
        "version 3",
        "version 2",
        "version 1",
    ]
    reigns = sorted(
        zip(
            marks(page, "History", ".plot-bar", "x"),
            marks(page, "History", ".plot-bar", "width"),
            strict=True,
        )
    )
    (first, lasted), (second, _) = reigns
    assert first + lasted == pytest.approx(second, abs=0.1)  # one ends where the next begins
    card = page.get_by_role("region", name="Champion and challenger")
    expect(card).to_contain_text("What is served here, registered as version 3, since 1 Jun 2026")
    expect(card.locator(".is-failed")).to_have_text(re.compile("failed ranking: 0.6 against 0.7"))


def test_latency_beyond_the_last_bucket_is_only_known_to_be_over_it(usual):
    figure = usual.get_by_role("region", name="Latency", exact=True)
    expect(figure.locator(".plot-value").first).to_have_text("30 / >250")
    assert marks(usual, "Latency", "rect", "data-count") == [1, 2, 2, 1]  # 1, 3, 5, 6 taken apart


def test_numbers_are_a_table_for_who_cannot_see_a_plot(usual):
    figure = usual.get_by_role("region", name="Ladder", exact=True)
    expect(figure.get_by_role("img", name="Ladder of systems by NDCG@10")).to_be_visible()
    figure.get_by_text("Show the numbers").focus()
    usual.keyboard.press("Enter")
    row = figure.get_by_role("row", name=re.compile("ranker"))
    expect(row).to_be_visible()
    assert row.get_by_role("cell").all_text_contents()[:2] == ["0.7130", "0.5890 to 0.8260"]


def test_nothing_moves_once_it_is_seen(page):
    page.evaluate(
        """() => { window.moved = 0; new PerformanceObserver(list => {
            for (const one of list.getEntries()) window.moved += one.value;
        }).observe({ type: "layout-shift", buffered: false }) }"""
    )
    shown(page)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    assert page.evaluate("window.moved") < 0.001  # a name in the menu grew bold
    assert page.locator(".plot").count() == 7


def test_what_is_missing_says_which_command_makes_it(page):
    shown(page, an_empty_report(), a_card(calibrated=False, data_as_of="2020-01-01T00:00:00Z"))
    for title, command in MISSING.items():
        figure = page.get_by_role("region", name=title, exact=True)
        expect(figure.locator("code").first).to_contain_text(command)
        expect(figure.locator(".plot")).to_have_count(0)
    expect(page.get_by_text("The data are old.")).to_be_visible()
    expect(page.get_by_text("No bundle of this name was ever compared")).to_be_visible()


def test_text_from_people_stays_text(page):
    shown(page, a_report(challenger=a_refusal() | {"why": HOSTILE}, notes=[HOSTILE]))
    expect(page.get_by_role("list").get_by_text(HOSTILE)).to_be_visible()
    assert page.locator("main img").count() == 0
    assert page.title().startswith("Model ")


def test_a_failure_says_what_happened_and_can_be_tried_again(page):
    page.route("**/v1/model", lambda route: route.fulfill(json=a_card()))
    page.route("**/v1/model/report", lambda route: route.abort(), times=1)
    go(page, "#/model")
    expect(page.get_by_role("alert")).to_contain_text("The service cannot be reached")
    page.route("**/v1/model/report", lambda route: route.fulfill(json=a_report()))
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Ladder")).to_be_visible()


def test_the_service_itself_answers_what_the_page_reads(page):
    go(page, "#/model")
    expect(page.get_by_role("region", name="Serving now")).to_contain_text("tiny version 1")
    expect(page.get_by_role("region", name="Feature importance")).to_contain_text("matcher train")
