"""A small market half of which is unseen, and candidates that are worse in one way each."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from matcher.marketplace import Marketplace
from matcher.model import Model
from matcher.ranking.calibration import Isotonic, Untrained
from matcher.ranking.columns import Columns
from matcher.ranking.gbdt import GbdtRanker
from matcher.ranking.treetext import END, checked
from matcher.registry import holder
from tests.commands import Matcher
from tests.small_market import a_run, a_training
from training.build import Trained

AT_EASE = ("--latency-ratio", 10)  # a busy machine is not what the tests are about
UNSEEN = 150  # the row of the first job that no bundle here has seen


def half_trained(market: Marketplace, **options: object) -> Trained:
    """Learned from the first half of the market."""
    until = market.jobs["posted_at"].iloc[UNSEEN].to_pydatetime()
    return a_training(market, until=until, **options)


def turned_round(model: Model) -> Model:
    """Every leaf of every tree with the other sign: the best come last."""

    def negated(line: re.Match[str]) -> str:
        values = line[1].split()
        return "leaf_value=" + " ".join(str(-float(one)) for one in values)

    assert isinstance(model.ranker, GbdtRanker)
    forest, _, _ = model.ranker.text.partition(END)
    head, *trees = re.split(r"(?m)^(?=Tree=\d)", forest)
    trees = [re.sub(r"(?m)^leaf_value=(.*)$", negated, tree) for tree in trees]
    sizes = "tree_sizes=" + " ".join(str(len(tree)) for tree in trees)  # LightGBM trusts them
    head = re.sub(r"(?m)^tree_sizes=.*$", sizes, head)
    columns = Columns.of(model.features, leave_out=model.run.ranker.leave_out)
    text = checked("".join((head, *trees, END)), names=columns.names)
    return replace(model, ranker=GbdtRanker(text, columns=columns))


def too_sure(model: Model) -> Model:
    """Every probability halfway to certainty."""
    assert isinstance(model.calibrator, Isotonic)
    rates = 0.5 + model.calibrator.rates / 2
    return replace(model, calibrator=Isotonic(model.calibrator.expected, rates))


def uncalibrated(model: Model) -> Model:
    return replace(model, calibrator=Untrained())


def narrow(market: Marketplace) -> Trained:
    """Four candidates a job, the surest ones: none of them new."""
    return half_trained(market, run=a_run(retrieval={"pool": 4}))


def with_model(trained: Trained, change: Callable[[Model], Model]) -> Trained:
    return replace(trained, model=change(trained.model))


@dataclass(frozen=True, kw_only=True)
class World:
    """Bundles that no registry knows, and the market that they came from.

    Attributes:
        until: When all bundles end but `later` and `all`.
    """

    folder: Path
    until: str

    def __getitem__(self, name: str) -> Path:
        return self.folder / name


def champion() -> str | None:
    held = holder("matcher", "champion")
    return None if held is None else held.version


def challenger() -> str | None:
    held = holder("matcher", "challenger")
    return None if held is None else held.version


def told(matcher: Matcher) -> dict:
    return json.loads(matcher["history", "--json"])
