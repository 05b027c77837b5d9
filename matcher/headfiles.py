"""The heads of a bundle as files: `heads.json`, and the trees of each in LightGBM's own text."""

from __future__ import annotations

from pathlib import Path

from matcher.canonical import read_json, rising_curve, write_json
from matcher.heads import FACTORS, Head, Heads, Policy
from matcher.ports import FeatureSet
from matcher.ranking.calibration import Level
from matcher.ranking.classifier import GbdtClassifier

HEADS = "heads.json"
POLICIES: tuple[Policy, ...] = ("ranker", "expected_value")


def write_heads(folder: Path, heads: Heads) -> None:
    """Write the files of the heads that there are; `heads.json` always."""
    content = {
        "policy": heads.policy,
        "maturity_days": dict(heads.maturity_days),
        "heads": {
            name: {
                "log_odds": head.level.scores.tolist(),
                "rates": head.level.rates.tolist(),
            }
            for name, head in heads.by_name.items()
        },
    }
    write_json(folder / HEADS, content)
    for name, head in heads.by_name.items():
        _trees(folder, name).write_text(head.trees.text, encoding="utf-8")


def read_heads(folder: Path, *, features: FeatureSet) -> Heads:
    """Read them back.

    Raises:
        BundleError: A file of trees is no classifier over these columns.
        ValueError: `heads.json` says something else than it may.
    """
    content = read_json(folder / HEADS)
    policy, waits, heads = content["policy"], content["maturity_days"], content["heads"]
    if set(content) != {"policy", "maturity_days", "heads"} or policy not in POLICIES:
        raise ValueError(f"{HEADS} holds other keys or another policy than this release knows")
    if not set(heads) <= set(FACTORS) or not set(waits) <= set(FACTORS):
        raise ValueError(f"{HEADS} names a head that this release does not know")
    if policy == "expected_value" and not heads:
        raise ValueError(f"{HEADS} orders by expected value and holds no head")
    return Heads(
        by_name={
            name: Head(
                trees=GbdtClassifier.opened(_text(folder, name), names=features.names),
                level=Level(
                    *rising_curve(heads[name]["log_odds"], heads[name]["rates"], file=HEADS)
                ),
            )
            for name in FACTORS
            if name in heads
        },
        policy=policy,
        maturity_days={name: float(days) for name, days in waits.items()},
    )


def _trees(folder: Path, name: str) -> Path:
    return folder / f"{name}.txt"


def _text(folder: Path, name: str) -> str:
    file = _trees(folder, name)
    if not file.is_file():
        raise ValueError(f"{HEADS} names {name}, but {file.name} is not there")
    return file.read_text(encoding="utf-8")
