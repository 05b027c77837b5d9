"""What training makes: everything an engine needs apart from a snapshot.

Kept as files of text: JSON, and the ranker in LightGBM's own format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from matcher.canonical import read_json, rising_curve, write_json
from matcher.engine import Engine
from matcher.errors import BundleError
from matcher.headfiles import HEAD_FILES, read_heads, write_heads
from matcher.heads import Heads
from matcher.learned import CONSTANTS, Learned
from matcher.ports import Encoder, FeatureSet
from matcher.ranking.baseline import WeightedSum
from matcher.ranking.calibration import Isotonic, Untrained
from matcher.ranking.columns import Columns
from matcher.ranking.gbdt import GbdtRanker
from matcher.ranking.treetext import checked
from matcher.reference import NO_REFERENCE, Reference
from matcher.rerank.exploration import Exploration
from matcher.run import Run
from matcher.skills import SkillFinder
from matcher.snapshot import Snapshot
from matcher.sources import Sources

MODEL_FILES = (
    "run.json",
    "learned.json",
    "calibration.json",
    "features.json",
    "reference.json",
    "ranker.txt",
    *HEAD_FILES,
)
WEIGHTED_SUM = "weighted sum\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What training makes and an engine needs, apart from a snapshot.

    Attributes:
        reference: How the training's columns were spread; no engine needs it.
    """

    run: Run
    learned: Learned
    ranker: GbdtRanker | WeightedSum
    calibrator: Isotonic | Untrained
    features: FeatureSet
    heads: Heads = field(default_factory=Heads)
    reference: Reference = NO_REFERENCE

    def engine(self, snapshot: Snapshot, *, encoder: Encoder) -> Engine:
        """An engine over any snapshot of the same market."""
        retrieval = self.run.retrieval
        return Engine(
            snapshot=snapshot,
            learned=self.learned,
            sources=Sources.over(
                snapshot,
                learned=self.learned,
                weights=retrieval.by_source(),
                neighbours=retrieval.neighbours,
                half_life_days=retrieval.half_life_days,
                index=retrieval.index,
            ),
            encoder=encoder,
            features=self.features,
            ranker=self.ranker,
            calibrator=self.calibrator,
            finder=SkillFinder.of(self.learned.skill_rarity),
            heads=self.heads,
            exploration=Exploration(**self.run.exploration.model_dump()),
            pool=retrieval.pool,
        )


def write_model(folder: Path, model: Model) -> None:
    """Write a model's files into a directory."""
    write_json(folder / "run.json", model.run.model_dump(mode="json"))
    write_json(folder / "learned.json", asdict(model.learned))
    write_json(folder / "calibration.json", _breakpoints(model.calibrator))
    write_json(folder / "features.json", {"names": list(model.features.names)})
    write_json(folder / "reference.json", asdict(model.reference))
    text = model.ranker.text if isinstance(model.ranker, GbdtRanker) else WEIGHTED_SUM
    (folder / "ranker.txt").write_text(text, encoding="utf-8")
    write_heads(folder, model.heads)


def read_model(folder: Path, *, features: FeatureSet) -> Model:
    """Read a model's files.

    Raises:
        BundleError: They do not fit together.
    """
    try:
        _check_columns(read_json(folder / "features.json"), features)
        run = Run.model_validate(read_json(folder / "run.json"))
        return Model(
            run=run,
            learned=_learned(read_json(folder / "learned.json")),
            ranker=_ranker((folder / "ranker.txt").read_text(encoding="utf-8"), run, features),
            calibrator=_calibrator(read_json(folder / "calibration.json")),
            features=features,
            heads=read_heads(folder, features=features),
            reference=Reference.read(read_json(folder / "reference.json"), names=features.names),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BundleError(
            f"{folder} holds a model that this release cannot read ({error}); train again"
        ) from error


def _check_columns(content: Mapping[str, Any], features: FeatureSet) -> None:
    if content.get("names") != list(features.names):
        raise ValueError("features.json lists other columns than this release makes")


def _ranker(text: str, run: Run, features: FeatureSet) -> GbdtRanker | WeightedSum:
    if text == WEIGHTED_SUM:
        return WeightedSum.of(features.names)
    columns = Columns.of(features, leave_out=run.ranker.leave_out)
    return GbdtRanker(checked(text, names=columns.names), columns=columns)


def _learned(content: Mapping[str, Any]) -> Learned:
    learned = TypeAdapter(Learned).validate_json(json.dumps(content), strict=True)
    missing = set(CONSTANTS) - set(learned.constants)
    if missing:
        raise ValueError(f"learned.json lacks {', '.join(sorted(missing))}")
    return learned


def _breakpoints(calibrator: Isotonic | Untrained) -> dict[str, object]:
    if isinstance(calibrator, Untrained):
        return {"kind": "untrained"}
    return {
        "kind": "isotonic",
        "log_shares": calibrator.shares.tolist(),
        "rates": calibrator.rates.tolist(),
    }


def _calibrator(content: Mapping[str, Any]) -> Isotonic | Untrained:
    if content["kind"] == "untrained":
        return Untrained()
    return Isotonic(*rising_curve(content["log_shares"], content["rates"], file="calibration.json"))
