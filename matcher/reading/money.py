"""What a brief says it pays, in US dollars: per hour, or in total.

Sums in other currencies are not converted, and a sum that no word makes a pay is none: a firm's
turnover, a monthly fee, a budget for advertising.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from matcher.reading.numbers import DIGITS, number, written
from matcher.reading.prose import MOST_PLACES, Found, after, before, stands_alone

LEAST_TOTAL = 250.0  # a smaller sum without a word may be meant per hour
MOST_PER_HOUR = 1_000.0
MOST_TOTAL = 1_000_000.0

_MARK = r"(?:US ?\$|USD ?\$?|\$)"
_SUM = re.compile(
    rf"""(?<![\w.,$€£¥₹\#%/-])
    (?:(?P<mark>{_MARK})[ ]?)?
    (?P<low>{DIGITS})(?P<lowk>[ ]?k\b|[ ]thousand\b)?
    (?:[ ]?(?:-|\u2013|\u2014|to\b|and\b)[ ]?{_MARK}?[ ]?
        (?P<high>{DIGITS})(?P<highk>[ ]?k\b|[ ]thousand\b)?)?
    (?![\w%]|[.,][0-9]|[ ](?:m|mn|million|b|bn|billion|mio|thousand)\b)
    (?P<named>[ ]?(?:USD|US[ ]dollars?|dollars?|bucks)\b|\$(?![0-9]))?
    (?P<more>\+|[ ]or[ ]more\b)?
    (?P<hour>[ ]{{0,2}}(?:(?:/|\b(?:per|an|a|each)\b)[ ]?(?:hour|hr|h)\b|hourly\b|p/?h\b))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OTHER_CURRENCY = re.compile(
    r" ?(?:€|£|¥|₹|zł|kr\b|(?:EUR|euros?|GBP|pounds?|quid|INR|rupees?|Rs|CAD|AUD|NZD|SGD|HKD|CHF|"
    r"JPY|yen|CNY|RMB|PLN|SEK|NOK|DKK|BRL|MXN|ZAR|AED|BTC|ETH|USDT|points|credits)\b)",
    re.IGNORECASE,
)
_OTHER_CURRENCY_BEFORE = re.compile(
    r"(?:[€£¥₹]|\b(?:EUR|GBP|INR|Rs\.?|CAD|AUD|NZD|SGD|HKD|CHF|JPY|CNY|C|A|CA|AU|NZ|HK|S|R|MX))"
    r" ?\$?$"
)
_OTHER_PERIOD = re.compile(
    r" {0,2}(?:(?:/|\b(?:per|an?|each|every)\b) ?[a-z]|(?:monthly|weekly|daily|yearly|annual\w*|"
    r"each|p\.?m\.?|pcm|p\.?a\.?)\b)",
    re.IGNORECASE,
)
_NO_PAY = re.compile(
    r"\b(?:raised|revenues?|turnover|sales|worth|valued|funding|earn\w*|makes?|made|sold|lost|spent|"
    r"sav(?:e|es|ed|ing)|prizes?|bonus|charg\w+|priced|retail\w*|sell\w*|"
    r"(?:customers?|users?|clients?|they|people|who) pay\w*|"
    r"(?:ads?|advertising|marketing|media|monthly|annual|yearly|weekly|daily|campaign) "
    r"(?:budgets?|spend\w*)|(?:budgets?|spend\w*) (?:for|on) \w+ (?:ads|advertising))\b.{0,40}$",
    re.IGNORECASE | re.DOTALL,
)
_PAY = re.compile(
    r"\b(?:budget|pay(?:s|ing|ment)?|price|fixed|flat|offer(?:ing|s)?|compensation|spend|total|"
    r"up to|max(?:imum)?)\b[^$0-9]{0,25}$",
    re.IGNORECASE,
)
_PAY_AFTER = re.compile(
    r" {0,2}(?:is )?(?:my |our |the )?(?:budget|max(?:imum)?|tops)\b", re.IGNORECASE
)
_IN_TOTAL = re.compile(
    r"\b(?:fixed(?:[ -]price)?|flat(?:[ -](?:fee|rate))?|total|lump sum)\b[^$0-9]{0,20}$",
    re.IGNORECASE,
)
_IN_TOTAL_AFTER = re.compile(
    r" {0,2},? ?\(?(?:fixed|flat|(?:in )?total|lump|all[ -]in|for (?:the|this) "
    r"(?:whole |entire |full |complete )?(?:project|job|work|task|gig|thing))\b",
    re.IGNORECASE,
)
_HOURLY = re.compile(r"\bhourly(?: (?:rate|budget|pay))?\b[^$0-9.]{0,15}$", re.IGNORECASE)
_OFFERS = re.compile(
    r"(?:\b(?:up to|max(?:imum)?|budget|pay(?:s|ing)?|rate|offer(?:ing|s)?|between|from|around|"
    r"about|at|at least|min(?:imum)?)|[~:≤<])(?: of| is)? ?$",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"\b(?:up to|max(?:imum)?|at most|no more than|under|below)(?: of)? ?$", re.IGNORECASE
)
_AT_LEAST = re.compile(
    r"\b(?:at least|from|min(?:imum)?|starting (?:at|from)|more than|over|above)(?: of)? ?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pay:
    """What is offered, in USD.

    Attributes:
        payment: `hourly` or `fixed`.
        low: The least; None where nothing says so. `high` likewise.
        found: Where it is said.
    """

    payment: str
    low: float | None
    high: float | None
    found: Found


def pay(text: str) -> Pay | None:
    """What the text offers; None where it says nothing, or says different things."""
    offers = list(_offers(text))
    distinct = {(one.payment, one.low, one.high) for one in offers}
    return offers[0] if len(distinct) == 1 else None


def _offers(text: str) -> Iterator[Pay]:
    for sum_ in islice(_SUM.finditer(text), MOST_PLACES):
        if not (sum_["mark"] or sum_["named"] or sum_["hour"]):
            continue
        payment = _payment(text, sum_)
        if payment is None:
            continue
        low, high = _ends(text, sum_)
        most = MOST_PER_HOUR if payment == "hourly" else MOST_TOTAL
        ends = [one for one in (low, high) if one is not None]
        if ends == sorted(ends) and all(1 <= one <= most for one in ends):
            value = _value(payment, low, high)
            place = Found(field="budget", value=value, start=sum_.start(), end=sum_.end())
            yield Pay(payment=payment, low=low, high=high, found=place)


def _payment(text: str, sum_: re.Match[str]) -> str | None:
    """What a sum pays for; None where it is no pay, or of another currency or period."""
    ahead, behind = before(text, sum_.start()), after(text, sum_.end())
    of_another = _OTHER_CURRENCY.match(behind) or _OTHER_CURRENCY_BEFORE.search(ahead)
    if of_another or _NO_PAY.search(ahead):
        return None
    if sum_["hour"]:
        marked = sum_["mark"] or sum_["named"] or "/" in sum_["hour"]
        return "hourly" if marked or _OFFERS.search(ahead) else None
    if _OTHER_PERIOD.match(behind):
        return None
    if _HOURLY.search(ahead):
        return "hourly"
    return "fixed" if _is_total(text, sum_, ahead, behind) else None


def _is_total(text: str, sum_: re.Match[str], ahead: str, behind: str) -> bool:
    """Whether a sum pays for all of the work."""
    if _IN_TOTAL.search(ahead) or _IN_TOTAL_AFTER.match(behind):
        return True
    told = _PAY.search(ahead) or _PAY_AFTER.match(behind)
    alone = stands_alone(text, sum_.start(), sum_.end())
    return bool(told or alone) and _largest(sum_) >= LEAST_TOTAL


def _figures(sum_: re.Match[str]) -> tuple[float, float | None]:
    both = bool(sum_["highk"]) and not sum_["lowk"]
    high = None if sum_["high"] is None else number(sum_["high"], thousands=bool(sum_["highk"]))
    low = number(sum_["low"], thousands=bool(sum_["lowk"]))
    if both and high is not None and low * 1000 <= high:
        low *= 1000
    return low, high


def _largest(sum_: re.Match[str]) -> float:
    low, high = _figures(sum_)
    return low if high is None else high


def _ends(text: str, sum_: re.Match[str]) -> tuple[float | None, float | None]:
    """The least and the most; a single sum is the most, unless the text says otherwise."""
    low, high = _figures(sum_)
    if high is not None:
        return low, high
    ahead = before(text, sum_.start())
    if _AT_MOST.search(ahead):
        return None, low
    return (low, None) if sum_["more"] or _AT_LEAST.search(ahead) else (None, low)


def _value(payment: str, low: float | None, high: float | None) -> str:
    unit = "USD/hour" if payment == "hourly" else "USD fixed"
    if low is None or high is None:
        sum_ = written(low or high or 0)
        return f"{sum_} {unit}" if low is None else f"from {sum_} {unit}"
    return f"{written(low)}-{written(high)} {unit}"
