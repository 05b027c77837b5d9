"""A brief as a whole: title and rest, every field at once, places, and texts meant to break it."""

from __future__ import annotations

from itertools import pairwise
from time import perf_counter

import pytest

from matcher.reading.brief import read, titled
from matcher.reading.offsets import in_utf16
from matcher.skills import SkillFinder

FINDER = SkillFinder.of(["go", "postgresql", "php", "logo design"])
WHOLE = """Two Go developers for a payments API

We are based in Germany (CET). PostgreSQL behind it. $40-55/hr, 20 hours/week for 2 months.
Fluent English and German required. See https://example.org/go?price=$90/hr"""


def test_all_fields_of_one_brief():
    brief = read(WHOLE, FINDER)
    job = brief.job
    assert job.title == "Two Go developers for a payments API"
    assert job.description is not None
    assert job.description.startswith("We are based")
    assert job.skills == ("go", "postgresql")
    assert (job.payment, job.budget_usd_min, job.budget_usd_max) == ("hourly", 40, 55)
    assert (job.weeks, job.positions) == (8.7, 2)
    assert (job.country, job.utc_offset_hours, job.languages) == ("DE", 1, ("en", "de"))
    assert brief.weekly_hours == 20
    said = {one.field: WHOLE[one.start : one.end] for one in brief.found}
    assert said["budget"] == "$40-55/hr"
    assert said["utc_offset_hours"] == "CET"
    assert said["weekly_hours"] == "20 hours/week"
    assert [one.start for one in brief.found] == sorted(one.start for one in brief.found)


def test_a_text_that_says_nothing_is_understood_as_nothing():
    brief = read("Hello there", FINDER)
    assert (brief.job.title, brief.job.description, brief.found) == ("Hello there", None, ())
    assert (brief.job.payment, brief.job.weeks, brief.weekly_hours) == (None, None, None)
    assert read(" \n\t ", FINDER).job.title == ""


def test_a_long_first_line_is_cut_at_a_word_and_loses_nothing():
    words = " ".join(f"word{n}" for n in range(60))
    title, rest = titled(f"\n\n{words}\nlast line")
    assert len(title) <= 200
    assert f"{title} {rest}" == f"{words}\nlast line"
    assert titled("x" * 450) == ("x" * 200, "x" * 250)


def test_offsets_are_those_of_javascript():
    text = "🦊🦊 PHP für 30 USD/hour 👩‍💻 logo design"
    brief = read(text, FINDER)
    places = in_utf16(text, [place for one in brief.found for place in (one.start, one.end)])
    units = text.encode("utf-16-le")
    for one in brief.found:
        said = units[2 * places[one.start] : 2 * places[one.end]].decode("utf-16-le")
        assert said == text[one.start : one.end]
    assert places[brief.found[0].start] == brief.found[0].start + 2


HOSTILE = [
    "$",
    "1",
    "1,",
    "$1 ",
    "$40/hr ",
    " ",
    "a@",
    "a.a@a.",
    "- ",
    "English, ",
    "up to ",
    "go, ",
]
HOSTILE += [
    "we are in ",
    "12 weeks ",
    "\n",
    "x",
    "translate from ",
    "php/",
    "1 000 ",
    "UTC+1 ",
    "İ",
]
HOSTILE += [
    "http://",
    "two ",
    "part-time ",
    "20 hours/week ",
    "fluent ",
    "\u0000",
    "👩‍💻",
    "need two ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_longest_text_there_can_be_is_read_at_once(piece):
    text = (piece * 20_000)[:20_000]
    started = perf_counter()
    read(text, FINDER)
    assert perf_counter() - started < 2.0


def test_no_two_places_overlap():
    finder = SkillFinder.of(["german translation", "go", "hr"])
    text = "Two Go developers, $30/hr; a manual, English to German translation"
    brief = read(text, finder)
    assert brief.job.languages == ("en", "de")
    assert brief.job.skills == ("go", "german translation")
    places = [(one.start, one.end) for one in brief.found]
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
