"""Time zones, hours, duration, people, places and languages; and what only looks alike."""

from __future__ import annotations

import pytest

from matcher.reading.effort import weekly_hours, weeks
from matcher.reading.places import country
from matcher.reading.team import positions
from matcher.reading.tongues import languages
from matcher.reading.zones import zone


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("we are in UTC+2", 2),
        ("GMT-5 please", -5),
        ("UTC \u2212 3", -3),
        ("UTC+5:30", 5.5),
        ("overlap with CET", 1),
        ("CET (UTC+1)", 1),
        ("9am-5pm EST", -5),
        ("9am to 5pm ET", -5),
        ("US Pacific", -8),
        ("Pacific time", -8),
        ("New York business hours", -5),
        ("India time zone", 5.5),
        ("timezone: UTC", 0),
        ("+/- 3 hours of EST", -5),
        ("UTC+25", None),
        ("CET or EST", None),
        ("between UTC-5 and UTC+2", None),
        ("UTC+1/+2", None),
        ("UTC+1 to UTC+3", None),
        ("Est. 1984", None),
        ("EST. 1984", None),
        ("open the .PST file", None),
        ("a PST file", None),
        ("timestamps in UTC", None),
        ("CST", None),
        ("the Pacific ocean", None),
        ("Eastern food", None),
        ("best time of year in London", None),
        ("", None),
    ],
)
def test_a_time_zone(text, offset):
    found = zone(text)
    assert (found and found[0]) == offset


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("20 hours/week", 20),
        ("20 hrs per week", 20),
        ("about 15h a week", 15),
        ("10-20 hours a week", 10),
        ("20+ hours weekly", 20),
        ("full-time", 40),
        ("Full time developer", 40),
        ("part-time help", 20),
        ("part-time, 10 hours a week", 10),
        ("max 20 hours a week", None),
        ("up to 20 hours per week", None),
        ("10 hours ago", None),
        ("about 40 hours of work", None),
        ("24 hours a day", None),
        ("We have 10 full-time employees", None),
        ("not a full-time position", None),
        ("I have a full-time job", None),
        ("full-time or part-time", None),
        ("full-stack, real-time", None),
        ("200 hours a week", None),
        ("", None),
    ],
)
def test_hours_a_week(text, hours):
    found = weekly_hours(text)
    assert (found and found[0]) == hours


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Go developer, 3 weeks, $40/hr", 3),
        ("for 3 weeks", 3),
        ("a 2-week project", 2),
        ("Duration: 2 months", 8.7),
        ("it should take about six weeks", 6),
        ("6-8 weeks of work", 8),
        ("must be done in 10 days", 1.4),
        ("3 month contract", 13),
        ("3 years experience", None),
        ("5 years of experience in 2 months", None),
        ("posted 2 weeks ago", None),
        ("in the last 3 months", None),
        ("every 2 weeks", None),
        ("2-week sprints", None),
        ("start in 2 weeks", None),
        ("a 6 months old shop", None),
        ("we have been working on this for 3 weeks", None),
        ("3 months of experience", None),
        ("20 hours a week", None),
        ("for 3 weeks or for 5 weeks", None),
        ("", None),
    ],
)
def test_how_long_it_lasts(text, expected):
    found = weeks(text)
    assert (found and found[0]) == expected


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("looking for two developers", 2),
        ("We need 3 senior React developers", 3),
        ("Two translators for a manual", 2),
        ("hire 2 x designers", 2),
        ("need 1 designer", 1),
        ("our team of 5 developers", None),
        ("we have 3 designers", None),
        ("need 1-2 developers", None),
        ("need 5 logos from designers", None),
        ("need developers with 2 years", None),
        ("need 2 weeks of developer time", None),
        ("looking for a developer", None),
        ("need 500 testers", None),
        ("looking for the top 3% developers", None),
        ("", None),
    ],
)
def test_how_many_are_looked_for(text, count):
    found = positions(text)
    assert (found and found[0]) == count


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("fluent German", ["de"]),
        ("native English and good Spanish", ["en", "es"]),
        ("fluent in English and French.", ["en", "fr"]),
        ("German-speaking developer", ["de"]),
        ("a Dutch speaker", ["nl"]),
        ("English required", ["en"]),
        ("Languages: English, German", ["en", "de"]),
        ("native German copywriter", ["de"]),
        ("write articles in Polish", ["pl"]),
        ("translate a manual from English to German", ["en", "de"]),
        ("English to Japanese translation", ["en", "ja"]),
        ("An English breakfast", []),
        ("good English breakfast cafe", []),
        ("Polish the design", []),
        ("French company, Danish design, Turkish coffee", []),
        ("Spanish-speaking customers", []),
        ("no German required", []),
        ("German is a plus: fluent German a plus", []),
        ("fluent English or German", []),
        ("our site is translated into French", []),
        ("", []),
    ],
)
def test_languages_that_are_asked_for(text, codes):
    assert [code for code, _ in languages(text)] == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("We are based in Germany.", "DE"),
        ("Our company is located in Lisbon, Portugal", "PT"),
        ("we're in the US", "US"),
        ("You must live in Germany", None),
        ("we sell to Germany", None),
        ("we are in Germany and our office is in France", None),
        ("", None),
    ],
)
def test_where_the_client_is(text, code):
    found = country(text)
    assert (found and found[0]) == code
