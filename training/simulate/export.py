"""A simulated market as tables, and as a directory that the contract describes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from matcher.directories import check_directory, replaced
from matcher.errors import UsageError
from matcher.marketplace import Marketplace, from_frames, write_marketplace

TRUTH_FILES = ("truth.parquet", "truth_jobs.parquet", "truth_freelancers.parquet")
TABLE_FILES = ("freelancers.parquet", "jobs.parquet", "events.parquet")
SIGNUPS_FILE = "signups.parquet"
_WHAT = "simulated market"


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedMarket:
    """Three tables in the columns of the marketplace contract, and what they were drawn from.

    Attributes:
        signups: Everybody who signed up, and when they came to compete, if ever.
        truth: A row a pair: job_id, freelancer_id, p_hire (the chance that this job's client and
            this freelancer end in a hire, given the state at posting and the list shown), p_apply
            (the chance of becoming a candidate), quality (expected of the work, about standard
            normal), examination (the chance that the client looks at the seat). The 200 likeliest
            of a job, and all who were listed or hired.
        truth_jobs: A row a job: expected hires with and without the list, and what it costs
            when the most wanted invitation is declined.
        truth_freelancers: A row a freelancer: latent quality, drive and speciality.
    """

    freelancers: pd.DataFrame
    jobs: pd.DataFrame
    events: pd.DataFrame
    signups: pd.DataFrame
    truth: pd.DataFrame
    truth_jobs: pd.DataFrame
    truth_freelancers: pd.DataFrame

    def marketplace(self) -> Marketplace:
        """The three tables, checked as if they had been read."""
        return from_frames(freelancers=self.freelancers, jobs=self.jobs, events=self.events)


def check_output(directory: Path, *, force: bool) -> None:
    """Refuse before a market is simulated what `write` would refuse after.

    Raises:
        OutputExistsError: `directory` is there, and `force` is not given.
        UsageError: What `force` would replace is not what `write` writes, file by file, or
            nothing can be written there.
    """
    if force and os.path.isdir(directory) and not directory.is_symlink():  # noqa: PTH112 - a name may be too long to ask Path
        _refuse_foreign(directory)
    check_directory(directory, what=_WHAT, force=force, is_ours=_is_simulated)


def write(market: SimulatedMarket, directory: Path, *, force: bool = False) -> None:
    """Three Parquet tables, the sign-ups, and the truth that nothing but evaluation reads.

    The directory appears whole or not at all; the same market gives the same bytes.

    Raises:
        OutputExistsError: `directory` is there, and `force` is not given.
        UsageError: As `check_output`.
    """
    check_output(directory, force=force)
    marketplace = market.marketplace()
    beside = (market.truth, market.truth_jobs, market.truth_freelancers, market.signups)
    with replaced(directory, what=_WHAT, force=force, is_ours=_is_simulated) as folder:
        write_marketplace(marketplace, folder / "tables")
        for table in TABLE_FILES:
            (folder / "tables" / table).rename(folder / table)
        (folder / "tables").rmdir()
        for name, frame in zip((*TRUTH_FILES, SIGNUPS_FILE), beside, strict=True):
            frame.to_parquet(folder / name, compression="zstd", index=False)


def _is_simulated(directory: Path) -> bool:
    return not any(_odds(directory))


def _refuse_foreign(directory: Path) -> None:
    foreign, missing = _odds(directory)
    if not any(directory.iterdir()) or not (foreign or missing):
        return
    found = f"holds {_some(foreign)}" if foreign else f"has no {_some(missing)}"
    raise UsageError(
        f"{directory} is no {_WHAT}, for it {found}; it will not be replaced, "
        "so name another path, or remove it by hand"
    )


def _odds(directory: Path) -> tuple[list[str], list[str]]:
    """Names of what no simulation writes, and of what every one does and is not there."""
    ours = {*TABLE_FILES, *TRUTH_FILES, SIGNUPS_FILE}
    there = {path.name for path in directory.iterdir() if path.is_file() and not path.is_symlink()}
    foreign = {path.name for path in directory.iterdir()} - (there & ours)
    return sorted(foreign), sorted(ours - there)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(map(repr, names[:3])) + more
