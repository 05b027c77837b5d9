"""What training makes: everything an engine needs apart from a snapshot.

Kept as files of text: JSON, and the ranker in LightGBM's own format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from matcher.canonical import read_json, rising_curve, write_json
from matcher.engine import Engine
from matcher.errors import BundleError
from matcher.growth import Growth
from matcher.headfiles import HEAD_FILES, read_heads, write_heads
from matcher.heads import Heads
from matcher.indexes import Indexes
from matcher.jobs.engine import JobsEngine
from matcher.learned import CONSTANTS, Learned
from matcher.ports import Encoder, FeatureSet
from matcher.ranking.baseline import JOBS_WEIGHTS, WeightedSum
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
    "jobs_ranker.txt",
    *HEAD_FILES,
)
WEIGHTED_SUM = "weighted sum\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What training makes and an engine needs, apart from a snapshot.

    Attributes:
        reference: How the training's columns were spread; no engine needs it.
        jobs_ranker: Orders jobs for a freelancer; None where a weighted sum does.
    """

    run: Run
    learned: Learned
    ranker: GbdtRanker | WeightedSum
    calibrator: Isotonic | Untrained
    features: FeatureSet
    heads: Heads = field(default_factory=Heads)
    reference: Reference = NO_REFERENCE
    jobs_ranker: GbdtRanker | None = None

    def engine(self, snapshot: Snapshot, *, encoder: Encoder) -> Engine:
        """An engine over any snapshot of the same market."""
        retrieval = self.run.retrieval
        indexes = Indexes.over(snapshot, learned=self.learned, index=retrieval.index)
        return Engine(
            snapshot=snapshot,
            learned=self.learned,
            sources=self._sources(snapshot, indexes),
            encoder=encoder,
            features=self.features,
            ranker=self.ranker,
            calibrator=self.calibrator,
            finder=SkillFinder.of(self.learned.skill_rarity),
            heads=self.heads,
            exploration=Exploration(**self.run.exploration.model_dump()),
            pool=retrieval.pool,
        )

    def grown(self, engine: Engine, growth: Growth) -> Engine:
        """An engine of this model over a snapshot that has grown from its own.

        Raises:
            Outgrown: It must be made anew.
        """
        indexes = engine.sources.indexes.grown(growth)
        sources = self._sources(growth.after, indexes)
        return replace(engine, snapshot=growth.after, sources=sources)

    def _sources(self, snapshot: Snapshot, indexes: Indexes) -> Sources:
        retrieval = self.run.retrieval
        return Sources.over(
            snapshot,
            indexes,
            weights=retrieval.by_source(),
            neighbours=retrieval.neighbours,
            half_life_days=retrieval.half_life_days,
        )

    def jobs_engine(self, snapshot: Snapshot) -> JobsEngine:
        """The engine of the other direction over the same snapshot."""
        features = self.features.jobs
        return JobsEngine.over(
            snapshot,
            learned=self.learned,
            features=features,
            ranker=self.jobs_ranker or WeightedSum.of(features.names, JOBS_WEIGHTS),
            pool=self.run.retrieval.pool,
            index=self.run.retrieval.index,
        )


def write_model(folder: Path, model: Model) -> None:
    """Write a model's files into a directory."""
    write_json(folder / "run.json", model.run.model_dump(mode="json"))
    write_json(folder / "learned.json", asdict(model.learned))
    write_json(folder / "calibration.json", _breakpoints(model.calibrator))
    names = {"names": list(model.features.names), "jobs": list(model.features.jobs.names)}
    write_json(folder / "features.json", names)
    write_json(folder / "reference.json", asdict(model.reference))
    for name, ranker in (("ranker", model.ranker), ("jobs_ranker", model.jobs_ranker)):
        text = ranker.text if isinstance(ranker, GbdtRanker) else WEIGHTED_SUM
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    write_heads(folder, model.heads)


def read_model(folder: Path, *, features: FeatureSet) -> Model:
    """Read a model's files.

    Raises:
        BundleError: They do not fit together.
    """
    try:
        _check_columns(read_json(folder / "features.json"), features)
        run = Run.model_validate(read_json(folder / "run.json"))
        calibrator = _calibrator(read_json(folder / "calibration.json"))
        return Model(
            run=run,
            learned=_learned(read_json(folder / "learned.json")),
            ranker=_ranker(folder, run, features) or WeightedSum.of(features.names),
            calibrator=calibrator,
            features=features,
            heads=_heads(folder, calibrator, features),
            reference=Reference.read(read_json(folder / "reference.json"), names=features.names),
            jobs_ranker=_jobs_ranker(folder, features),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BundleError(
            f"{folder} holds a model that this release cannot read ({error}); train again"
        ) from error


def _check_columns(content: Mapping[str, Any], features: FeatureSet) -> None:
    expected = {"names": list(features.names), "jobs": list(features.jobs.names)}
    if content != expected:
        raise ValueError("features.json lists other columns than this release makes")


def _ranker(folder: Path, run: Run, features: FeatureSet) -> GbdtRanker | None:
    """The trained ranker; None where its file says that a weighted sum serves."""
    columns = Columns.of(features, leave_out=run.ranker.leave_out)
    text = (folder / "ranker.txt").read_text(encoding="utf-8")
    if text == WEIGHTED_SUM:
        return None
    return GbdtRanker(checked(text, names=columns.names), columns=columns)


def _heads(folder: Path, calibrator: Isotonic | Untrained, features: FeatureSet) -> Heads:
    heads = read_heads(folder, features=features)
    if heads.willing and isinstance(calibrator, Untrained):
        raise ValueError("heads.json rests on p_hire, and calibration.json holds none")
    return heads


def _jobs_ranker(folder: Path, features: FeatureSet) -> GbdtRanker | None:
    """Likewise of the other direction."""
    text = (folder / "jobs_ranker.txt").read_text(encoding="utf-8")
    return None if text == WEIGHTED_SUM else GbdtRanker(checked(text, names=features.jobs.names))


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
        "log_expected": calibrator.expected.tolist(),
        "rates": calibrator.rates.tolist(),
    }


def _calibrator(content: Mapping[str, Any]) -> Isotonic | Untrained:
    if content["kind"] == "untrained":
        return Untrained()
    expected, rates = content["log_expected"], content["rates"]
    return Isotonic(*rising_curve(expected, rates, file="calibration.json"))
