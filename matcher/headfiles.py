"""The heads of a bundle as files: `heads.json`, and the trees of each in LightGBM's own text.

Every file is always there, so that a manifest has to vouch for it; that of a head which could
not be trained says so.
"""

from __future__ import annotations

from pathlib import Path

from matcher.canonical import read_json, rising_curve, write_json
from matcher.heads import ACCEPT, FACTORS, HIRE, Head, Heads, Policy
from matcher.ports import FeatureSet
from matcher.ranking.calibration import Level
from matcher.ranking.classifier import GbdtClassifier

HEADS = "heads.json"
UNTRAINED = "untrained\n"
HEAD_FILES = (HEADS, *(f"{name}.txt" for name in FACTORS))
POLICIES: tuple[Policy, ...] = ("ranker", "expected_value")


def write_heads(folder: Path, heads: Heads) -> None:
    """Write `heads.json` and a file for every head."""
    content = {
        "policy": heads.policy,
        "willing": heads.willing,
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
    for name in FACTORS:
        text = heads.by_name[name].trees.text if name in heads.by_name else UNTRAINED
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def read_heads(folder: Path, *, features: FeatureSet) -> Heads:
    """Read them back.

    Raises:
        BundleError: A file of trees is no classifier over these columns.
        ValueError: `heads.json` says something else than it may, or than the other files do.
    """
    content = read_json(folder / HEADS)
    policy, waits, heads = content["policy"], content["maturity_days"], content["heads"]
    willing, keys = content["willing"], {"policy", "willing", "maturity_days", "heads"}
    if set(content) != keys or policy not in POLICIES or not isinstance(willing, bool):
        raise ValueError(f"{HEADS} holds other keys or another policy than this release knows")
    if not set(heads) <= set(FACTORS) or not set(waits) <= set(FACTORS):
        raise ValueError(f"{HEADS} names a head that this release does not know")
    if policy == "expected_value" and not heads:
        raise ValueError(f"{HEADS} orders by expected value and holds no head")
    if willing and {ACCEPT, HIRE} & set(heads):
        raise ValueError(f"{HEADS} takes everybody to be willing and holds a head of who comes")
    texts = {name: (folder / f"{name}.txt").read_text(encoding="utf-8") for name in FACTORS}
    trained = {name for name, text in texts.items() if text != UNTRAINED}
    if trained != set(heads):
        raise ValueError(f"{HEADS} tells of other heads than there are trees of")
    return Heads(
        by_name={
            name: Head(
                trees=GbdtClassifier.opened(texts[name], names=features.names),
                level=Level(
                    *rising_curve(heads[name]["log_odds"], heads[name]["rates"], file=HEADS)
                ),
            )
            for name in FACTORS
            if name in heads
        },
        willing=willing,
        policy=policy,
        maturity_days={name: float(days) for name, days in waits.items()},
    )
