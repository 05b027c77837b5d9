"""The comparison of `matcher debias` as tables for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from training.tables import plain_console, plain_table

TOLD = {
    "naive": "clicks as they are",
    "positions": "LightGBM takes the seat out",
    "weights_looks": "weights: looks recorded",
    "weights_luck": "weights: seats that luck filled",
    "weights_inferred": "weights: inferred",
    "unbiased": "lists that luck filled",
    "hires": "retrieved lists and hires, as train",
    "logged": "the order as logged",
    "oracle": "the truth itself",
}


def print_debias(figures: Mapping[str, Any]) -> None:
    """Print what was learned from, the curves, and the rankers side by side, to stdout."""
    console, about = plain_console(), figures["about"]
    console.print(
        f"{about['logged_lists']:,} whole lists logged before {about['until']}, "
        f"{about['logged_lists_of_luck']:,} of them filled by luck; learned from "
        f"{about['lists']:,} ranked lists with a click ({about['clicks']:,} clicks)."
    )
    for what, count in about["left_out"].items():
        console.print(f"Left out: {count:,} {what}.")
    console.print()
    seats = max((len(one) for one in figures["curves"].values() if one), default=0)
    console.print("Chance of a look, beside that of the first seat:")
    table = plain_table("seat", *(str(seat + 1) for seat in range(seats)))
    for name, curve in figures["curves"].items():
        if curve:
            table.add_row(name, *(f"{chance:.2f}" for chance in curve))
    console.print(table)
    if not figures["systems"]:
        return
    console.print()
    console.print(
        f"{figures['systems']['naive']['n_lists']:,} held-out lists that nobody looked at, "
        "NDCG@10 against the true chance of a hire:"
    )
    table = plain_table("learned from", "NDCG@10\n[95%]", "minus naive\n[95%]", "gap closed")
    for name, one in figures["systems"].items():
        apart = figures["minus_naive"].get(name)
        closed = figures["share_closed"].get(name)
        table.add_row(
            TOLD[name],
            _told(one["ndcg@10"], one["ndcg@10_ci"], digits="{:.3f}"),
            "" if apart is None else _told(apart["ndcg@10"], apart["ci"], digits="{:+.3f}"),
            "" if closed is None else _told(closed["share"], closed["ci"], digits="{:.0%}"),
        )
    console.print(table)


def _told(value: float, bounds: Sequence[float], *, digits: str) -> str:
    """A figure and its interval.

    >>> _told(0.25, [0.2, 0.3], digits="{:.0%}")
    '25% [20% 30%]'
    """
    low, high = (digits.format(edge) for edge in bounds)
    return f"{digits.format(value)} [{low} {high}]"
