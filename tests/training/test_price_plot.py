"""What exploration buys is drawn beside an arm that learns, and beside no other."""

from __future__ import annotations

from typing import Any

from training.price_plot import BOUGHT, PAID, draw_price, explored


def a_report(*policies: str, known: bool = True) -> dict[str, Any]:
    change = {"difference": 0.02, "ci": [0.01, 0.03]} if known else {"difference": None, "ci": None}
    changes = {key: dict(change) for key in (BOUGHT, *PAID)}
    return {
        "about": {"policies": list(policies)},
        "over_first": dict.fromkeys(policies[1:], changes),
    }


def test_every_share_beside_the_first_is_a_point():
    assert list(explored(a_report("learned:0", "learned:0.1", "learned:0.2"))) == [
        "learned:0.1",
        "learned:0.2",
    ]
    assert list(explored(a_report("learned", "popularity", "learned:0.1"))) == ["learned:0.1"]


def test_beside_another_policy_or_without_any_hire_there_is_nothing_to_draw():
    assert not explored(a_report("popularity", "learned:0.1"))
    assert not explored(a_report("learned", "popularity"))
    assert not explored(a_report("learned:0.1"))
    assert not explored(a_report("learned:0", "learned:0.1", known=False))


def test_the_same_figures_give_the_same_picture(tmp_path):
    report = a_report("learned:0", "learned:0.1", "learned:0.2")
    draw_price(report, tmp_path / "one.png")
    draw_price(report, tmp_path / "other.png")
    assert (tmp_path / "one.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "other.png").read_bytes()
