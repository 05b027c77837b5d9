"""What training makes: everything an engine needs apart from a snapshot.

Kept as files of text: JSON, and the ranker in LightGBM's own format.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from matcher.engine import Engine
from matcher.errors import BundleError
from matcher.jobs.engine import JobsEngine
from matcher.learned import CONSTANTS, Learned
from matcher.ports import Encoder, FeatureSet
from matcher.ranking.baseline import JOBS_WEIGHTS, WeightedSum
from matcher.ranking.calibration import Isotonic, Untrained
from matcher.ranking.gbdt import GbdtRanker
from matcher.ranking.treetext import checked
from matcher.run import Run
from matcher.skills import SkillFinder
from matcher.snapshot import Snapshot
from matcher.sources import Sources

MODEL_FILES = (
    "run.json",
    "learned.json",
    "calibration.json",
    "features.json",
    "ranker.txt",
    "jobs_ranker.txt",
)
WEIGHTED_SUM = "weighted sum\n"
REMEDY = "copy the bundle again, or train a new one"


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """What training makes and an engine needs, apart from a snapshot.

    Attributes:
        jobs_ranker: Orders jobs for a freelancer; None where a weighted sum does.
    """

    run: Run
    learned: Learned
    ranker: GbdtRanker | WeightedSum
    calibrator: Isotonic | Untrained
    features: FeatureSet
    jobs_ranker: GbdtRanker | None = None

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
            pool=retrieval.pool,
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
    for name, ranker in (("ranker", model.ranker), ("jobs_ranker", model.jobs_ranker)):
        text = ranker.text if isinstance(ranker, GbdtRanker) else WEIGHTED_SUM
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")


def read_model(folder: Path, *, features: FeatureSet) -> Model:
    """Read a model's files.

    Raises:
        BundleError: They do not fit together.
    """
    try:
        _check_columns(read_json(folder / "features.json"), features)
        return Model(
            run=Run.model_validate(read_json(folder / "run.json")),
            learned=_learned(read_json(folder / "learned.json")),
            ranker=_ranker(folder / "ranker.txt", features.names) or WeightedSum.of(features.names),
            calibrator=_calibrator(read_json(folder / "calibration.json")),
            features=features,
            jobs_ranker=_ranker(folder / "jobs_ranker.txt", features.jobs.names),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BundleError(
            f"{folder} holds a model that this release cannot read ({error}); train again"
        ) from error


def read_json(file: Path) -> dict[str, Any]:
    """The object in a JSON file.

    Raises:
        BundleError: It is not JSON, or not an object.
    """
    try:
        content = json.loads(file.read_bytes(), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{file} is not JSON ({error}); {REMEDY}") from error
    if not isinstance(content, dict):
        raise BundleError(f"{file} holds no JSON object; {REMEDY}")
    return content


def write_json(file: Path, content: object) -> None:
    """Write JSON whose bytes depend on the content alone."""
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    file.write_text(text + "\n", encoding="utf-8")


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is not a number of JSON")


def _check_columns(content: Mapping[str, Any], features: FeatureSet) -> None:
    expected = {"names": list(features.names), "jobs": list(features.jobs.names)}
    if content != expected:
        raise ValueError("features.json lists other columns than this release makes")


def _ranker(file: Path, names: tuple[str, ...]) -> GbdtRanker | None:
    """The trained ranker in a file; None where it says that a weighted sum serves."""
    text = file.read_text(encoding="utf-8")
    return None if text == WEIGHTED_SUM else GbdtRanker(checked(text, names=names))


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
    shares = np.array(content["log_shares"], np.float64)
    rates = np.array(content["rates"], np.float64)
    is_curve = shares.ndim == 1 and shares.shape == rates.shape and len(shares) > 0
    if not is_curve or (np.diff(shares) <= 0).any() or (np.diff(rates) < 0).any():
        raise ValueError("calibration.json holds no rising curve")
    if rates[0] < 0 or rates[-1] > 1:
        raise ValueError("calibration.json holds rates that are no shares")
    return Isotonic(shares, rates)
