"""A run file: every choice that a training makes, in TOML, closed to unknown keys."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from matcher.errors import UsageError

Positive = Annotated[int, Field(gt=0)]
Share = Annotated[float, Field(gt=0, lt=1)]


class Section(BaseModel):
    """A table of a run file; an unknown key is refused, and so is an endless number."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


S = TypeVar("S", bound=Section)


class RetrievalRun(Section):
    """How candidates are found.

    Attributes:
        pool: How many of them the ranker sees.
        neighbours: How many past jobs vote, a memory source.
        half_life_days: After which a vote weighs half.
        index: FAISS index kind.
        weights: Weight of each source in the fused score.
    """

    pool: Positive = 300
    neighbours: Positive = 1000
    half_life_days: Annotated[float, Field(gt=0)] = 120.0
    index: Literal["flat", "fp16"] = "flat"
    weights: dict[
        Literal["profile", "memory", "lexical", "lexical_profile", "interest", "prior"],
        Annotated[float, Field(ge=0)],
    ] = Field(default_factory=dict)

    def by_source(self) -> dict[str, float]:
        """The weights by plain name."""
        return {str(name): weight for name, weight in self.weights.items()}


class RankerRun(Section):
    """How trees are grown; the names are LightGBM's.

    Attributes:
        leave_out: Families of features that the ranker does not see.
    """

    rounds: Positive = 400
    patience: Positive = 80
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.06
    num_leaves: Annotated[int, Field(ge=2)] = 15
    min_data_in_leaf: Positive = 200
    feature_fraction: Annotated[float, Field(gt=0, le=1)] = 0.3
    bagging_fraction: Annotated[float, Field(gt=0, le=1)] = 0.8
    lambda_l2: Annotated[float, Field(ge=0)] = 5.0
    truncation: Positive = 30
    leave_out: tuple[str, ...] = ("quality", "demand")


class HeadsRun(Section):
    """How the probabilities of both sides' consent, and the quality to expect, are learned.

    Attributes:
        jobs: At most so many of the latest jobs that have had time to hire; 0 trains none.
        hire_jobs: The same for the probability of a hire of those who came, of whom there are few;
            never fewer than `jobs`.
        rounds: Most trees, a head.
        policy: What orders lists: the ranker, the expected value, or whichever of them ordered
            the latest lists better.
    """

    jobs: Annotated[int, Field(ge=0)] = 1000
    hire_jobs: Annotated[int, Field(ge=0)] = 4000
    rounds: Positive = 200
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.1
    policy: Literal["ranker", "expected_value", "best"] = "best"


class ExplorationRun(Section):
    """How many seats are drawn among people of whom little is known; see `matcher/rerank`.

    Attributes:
        share: Of the seats of a list that is shown, not of one that is evaluated.
        few_hires: Who was hired less often than that is uncertain.
        among: So many of them, those of the highest estimates, are drawn among for each seat.
    """

    share: Annotated[float, Field(ge=0, le=1)] = 0.0
    few_hires: Positive = 1
    among: Positive = 4


class TrainingRun(Section):
    """Which past jobs are learned from.

    Attributes:
        jobs: At most so many of the latest jobs that hired.
        lists: At most so many of the latest lists of jobs that freelancers are learned from.
        least_jobs: With fewer jobs, or lists of jobs, the weighted sum serves instead of a
            trained ranker.
        valid_share: Share of them, the later ones, that says when to stop.
        calibration_share: Share of them, the latest, that calibrates.
    """

    jobs: Positive = 4000
    lists: Positive = 2000
    least_jobs: Positive = 50
    valid_share: Share = 0.15
    calibration_share: Share = 0.15

    @model_validator(mode="after")
    def _something_is_left_to_learn_from(self) -> TrainingRun:
        if self.valid_share + self.calibration_share >= 1:
            raise ValueError("valid_share and calibration_share must add up to less than 1")
        return self


class Run(Section):
    """A whole run file."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")] = "matcher"
    retrieval: RetrievalRun = RetrievalRun()
    ranker: RankerRun = RankerRun()
    heads: HeadsRun = HeadsRun()
    exploration: ExplorationRun = ExplorationRun()
    training: TrainingRun = TrainingRun()


def read_run(path: Path) -> Run:
    """Read a run file.

    Raises:
        UsageError: It is missing, not TOML, or holds a key or value that is not allowed.
    """
    return read_section(path, Run, what="run file")


def read_section(path: Path, shape: type[S], *, what: str) -> S:
    """Read a TOML file that is closed to unknown keys.

    Args:
        what: What the file is called in a refusal.

    Raises:
        UsageError: It is missing, not TOML, or holds a key or value that is not allowed.
    """
    try:
        return shape.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, IsADirectoryError) as error:
        raise UsageError(f"no {what} at {path}; name one, or leave --config out") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is not TOML: {error}; correct it and try again") from error
    except ValidationError as error:
        wrong = what_is_wrong(error)
        raise UsageError(f"{path} is not a {what}: {wrong}; see data/README.md") from error


def what_is_wrong(error: ValidationError) -> str:
    """Every key that was refused, why, and what was found there."""
    return "; ".join(
        f"{'.'.join(map(str, one['loc']))}: {one['msg']}, found {one['input']!r}"
        for one in error.errors()
    )
