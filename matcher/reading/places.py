"""Where a client says to be."""

from __future__ import annotations

import re

from matcher.reading.prose import Found

_COUNTRIES = {
    "Argentina": "AR",
    "Australia": "AU",
    "Austria": "AT",
    "Bangladesh": "BD",
    "Belgium": "BE",
    "Brazil": "BR",
    "Canada": "CA",
    "Chile": "CL",
    "China": "CN",
    "Colombia": "CO",
    "Denmark": "DK",
    "Egypt": "EG",
    "Finland": "FI",
    "France": "FR",
    "Germany": "DE",
    "Greece": "GR",
    "India": "IN",
    "Indonesia": "ID",
    "Ireland": "IE",
    "Israel": "IL",
    "Italy": "IT",
    "Japan": "JP",
    "Kenya": "KE",
    "Mexico": "MX",
    "the Netherlands": "NL",
    "New Zealand": "NZ",
    "Nigeria": "NG",
    "Norway": "NO",
    "Pakistan": "PK",
    "the Philippines": "PH",
    "Poland": "PL",
    "Portugal": "PT",
    "Romania": "RO",
    "Singapore": "SG",
    "South Africa": "ZA",
    "South Korea": "KR",
    "Spain": "ES",
    "Sweden": "SE",
    "Switzerland": "CH",
    "Turkey": "TR",
    "Ukraine": "UA",
    "the UK": "GB",
    "the United Kingdom": "GB",
    "the US": "US",
    "the USA": "US",
    "the United States": "US",
    "Vietnam": "VN",
}
_CODES = {name.casefold(): code for name, code in _COUNTRIES.items()}
_HERE = re.compile(
    r"\b(?:(?:we|I)(?: are|['\u2019]re| am|['\u2019]m)|our (?:company|team|office|start-?up|"
    r"agency|studio)(?: is)?)(?: (?:based|located))?(?: in)(?: [A-Z][\w-]{1,30},)? "
    rf"(?P<name>{'|'.join(_COUNTRIES)})\b",
    re.IGNORECASE,
)


def country(text: str) -> tuple[str, Found] | None:
    """The country that the client names as its own, and where; None without one, or with two."""
    found = [(_CODES[one["name"].casefold()], one.span("name")) for one in _HERE.finditer(text)]
    if len({code for code, _ in found}) != 1:
        return None
    code, (start, end) = found[0]
    return code, Found(field="country", value=code, start=start, end=end)
