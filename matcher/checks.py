"""Which values each column may hold, as pandera schemas over typed frames.

A check's title says what was expected and its description what to do. Checks see
one column; those that need a neighbour close over the frame.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc
from pandera.config import ValidationDepth, config_context
from pandera.errors import SchemaErrors

from matcher.schema import PAYMENTS
from matcher.tables.typed import TypedTable
from matcher.violations import SHOWN, Finding, RowMask, finding_in_rows

_LONGEST_ID = 200
_HOURS_A_WEEK = 168
_UNIQUE = "unique"
_LEAVE_EMPTY = "correct it, or leave the cell empty (null)"

Test = Callable[[pd.Series], RowMask]
Checks = dict[str, list[pandera.Check]]


@dataclass(frozen=True, slots=True)
class _Broken:
    column: str
    mask: RowMask
    expected: str
    remedy: str


def check_values(table: TypedTable, *, apart: bool = False) -> tuple[Finding, ...]:
    """Findings on cells of the right type that hold what they must not.

    Marks them in `table.flagged`, so that one cell is one violation.

    Args:
        table: What was read.
        apart: Whether the rows came one by one, so that an id may come twice.
    """
    findings = []
    checks = _CHECKS[table.name](table.frame)
    if apart:
        checks = {
            column: [test for test in tests if test.name != _UNIQUE]
            for column, tests in checks.items()
        }
    for broken in _broken(table.frame, checks):
        flagged = table.flagged[broken.column]
        mask = broken.mask & ~flagged
        if mask.any():
            flagged |= mask
            first = np.flatnonzero(mask)[:SHOWN]
            cells = table.frame[broken.column].iloc[first].tolist()
            findings.append(
                finding_in_rows(
                    table.name,
                    broken.column,
                    rows=table.row_numbers[mask],
                    values=[None if cell is pd.NA or cell is pd.NaT else cell for cell in cells],
                    expected=broken.expected,
                    remedy=broken.remedy,
                )
            )
    return tuple(findings)


def _broken(frame: pd.DataFrame, checks: Checks) -> Iterator[_Broken]:
    schema = pandera.DataFrameSchema(
        {
            column: pandera.Column(checks=tests, nullable=True)  # nulls are our checks' business
            for column, tests in checks.items()
        }
    )
    try:  # whatever PANDERA_... the environment holds
        with config_context(
            validation_enabled=True, validation_depth=ValidationDepth.SCHEMA_AND_DATA
        ):
            schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        for error in errors.schema_errors:
            if not isinstance(error.check, pandera.Check) or error.check_output is None:
                raise  # a check that fell over is a bug of ours, not of the data
            yield _Broken(
                str(error.schema.name),
                ~error.check_output.to_numpy(dtype=np.bool_),
                str(error.check.title),
                str(error.check.description),
            )


def _check(
    test: Test, expected: str, remedy: str = _LEAVE_EMPTY, *, name: str | None = None
) -> pandera.Check:
    def holds(cells: pd.Series) -> pd.Series:
        return pd.Series(test(cells), index=cells.index)

    return pandera.Check(
        holds,
        name=name,
        title=expected,
        description=remedy,
        ignore_na=False,
        n_failure_cases=1,
    )


def _freelancer_checks(frame: pd.DataFrame) -> Checks:
    row_id = frame[["freelancer_id", "valid_from"]]
    return {
        "freelancer_id": [_ID],
        "joined_at": [_IS_KNOWN],
        "valid_from": [
            _check(
                lambda _: ~row_id.duplicated().to_numpy() | row_id.isna().any(axis=1).to_numpy(),
                "each row of a freelancer to have its own valid_from (default: joined_at)",
                "remove the duplicate row, or give it the instant from which it holds",
                name=_UNIQUE,
            )
        ],
        "hourly_rate_usd": [_NOT_NEGATIVE],
        "country": [_COUNTRY],
        "utc_offset_hours": [_OFFSET],
        "languages": [_LANGUAGES],
        "weekly_hours": [_between(0, _HOURS_A_WEEK)],
    }


def _job_checks(frame: pd.DataFrame) -> Checks:
    return {
        "job_id": [_ID, _is_unique("job_id")],
        "posted_at": [_IS_KNOWN],
        "client_id": [_OPTIONAL_ID],
        "payment": [_one_of(PAYMENTS)],
        "budget_usd_min": [
            _NOT_NEGATIVE,
            _check(
                lambda lowest: ~(lowest > frame["budget_usd_max"]).to_numpy(),
                "at most budget_usd_max",
                "swap or correct the two",
            ),
        ],
        "budget_usd_max": [_NOT_NEGATIVE],
        "weeks": [_NOT_NEGATIVE],
        "country": [_COUNTRY],
        "utc_offset_hours": [_OFFSET],
        "languages": [_LANGUAGES],
        "positions": [_COUNTED],
    }


def _event_checks(frame: pd.DataFrame) -> Checks:
    kind = frame["kind"]
    money = _check(
        lambda value: ~(kind.isin(("hired", "paid")).to_numpy() & (value < 0).to_numpy()),
        "0 USD or more for hired and paid",
    )
    return {
        "event_id": [_ID, _is_unique("event_id")],
        "at": [_IS_KNOWN],
        "job_id": [_ID],
        "freelancer_id": [_ID],
        "decision_id": [_OPTIONAL_ID],
        "position": [_COUNTED],
        "propensity": [
            _check(lambda share: ~((share <= 0) | (share > 1)).to_numpy(), "above 0 and at most 1")
        ],
        "value": [
            _is_rating(kind, among=("rated_freelancer", "rated_client"), low=1, high=5),
            _is_rating(kind, among=("rated_private",), low=0, high=10),
            money,
        ],
    }


def _is_rating(
    kind: pd.Series, *, among: tuple[str, ...], low: float, high: float
) -> pandera.Check:
    rated = kind.isin(among).to_numpy()
    return _check(
        lambda value: ~rated | value.between(low, high).to_numpy(),
        f"{low} to {high} for {' and '.join(among)}",
        "correct the rating, or leave the event out",
    )


def _is_well_formed(ids: pd.Series) -> RowMask:
    """Where an id is unknown or well formed."""
    texts = pa.array(ids)
    blank = pc.match_substring_regex(texts, r"[\p{Z}\p{Cc}]")
    bad = pc.or_(blank, pc.greater(pc.utf8_length(texts), _LONGEST_ID))
    return ~np.asarray(pc.fill_null(bad, fill_value=False), dtype=np.bool_)


def _matches(pattern: str) -> Test:
    def test(texts: pd.Series) -> RowMask:
        matched = pc.match_substring_regex(pa.array(texts), pattern)
        return np.asarray(pc.fill_null(matched, fill_value=True), dtype=np.bool_)

    return test


def _are_languages(lists: pd.Series) -> RowMask:
    codes = {code for items in lists if items is not None for code in items}
    bad = {code for code in codes if not (len(code) == 2 and code.isascii() and code.islower())}
    return np.array([items is None or bad.isdisjoint(items) for items in lists], dtype=np.bool_)


def _is_unique(column: str) -> pandera.Check:
    return _check(
        lambda ids: ~ids.duplicated().to_numpy() | ids.isna().to_numpy(),
        f"a {column} that no earlier row has",
        "remove the duplicate row, or give it an id of its own",
        name=_UNIQUE,
    )


def _one_of(values: tuple[str, ...]) -> pandera.Check:
    return _check(
        lambda cells: cells.isin(values).to_numpy() | cells.isna().to_numpy(),
        " or ".join(values),
    )


def _between(low: float, high: float) -> pandera.Check:
    return _check(
        lambda numbers: ~((numbers < low) | (numbers > high)).to_numpy(), f"{low} to {high}"
    )


_IS_KNOWN = _check(lambda cells: cells.notna().to_numpy(), "a value", "fill the cell in")
_OPTIONAL_ID = _check(
    _is_well_formed,
    f"an id: at most {_LONGEST_ID} characters, no whitespace or control characters",
    "rename it everywhere",
)
_ID = _check(
    lambda ids: ids.notna().to_numpy() & _is_well_formed(ids),
    f"an id: 1 to {_LONGEST_ID} characters, no whitespace or control characters",
    "give the row an id, or rename it everywhere",
)
_NOT_NEGATIVE = _check(lambda numbers: ~(numbers < 0).to_numpy(), "0 or more")
_COUNTED = _check(
    lambda numbers: (numbers.isna() | ((numbers >= 1) & (numbers % 1 == 0))).to_numpy(),
    "a whole number from 1 up",
)
_OFFSET = _between(-12, 14)
_COUNTRY = _check(_matches("^[A-Z]{2}$"), "two capital letters (ISO 3166 alpha-2)")
_LANGUAGES = _check(_are_languages, "codes of two lowercase letters (ISO 639-1)")
_CHECKS: dict[str, Callable[[pd.DataFrame], Checks]] = {
    "freelancers": _freelancer_checks,
    "jobs": _job_checks,
    "events": _event_checks,
}
