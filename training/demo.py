"""The main job end to end: simulate, train, evaluate, show candidates with reasons."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from features import FEATURES
from matcher.bundle import Bundle
from matcher.candidates import Matches
from matcher.domain import moment_of
from matcher.listing import print_matches
from matcher.marketplace import read_marketplace
from matcher.retrieval.default import default_encoder
from matcher.roster import Freelancers
from matcher.run import Run
from matcher.snapshot import Snapshot
from training.build import train
from training.commands import judged, write_report
from training.evaluate import test_span
from training.labels import Labels
from training.simulate.export import write
from training.simulate.parameters import Parameters
from training.simulate.recording import simulate
from training.tables import print_report

FREELANCERS = 800
JOBS = 2_000


def run_demo(*, seed: int, keep: Path | None) -> None:
    """Run the demo in a temporary directory, or in `keep`."""
    if keep is not None:
        _demo(keep, seed=seed)
        return
    with tempfile.TemporaryDirectory(prefix="matcher-demo-") as folder:
        _demo(Path(folder), seed=seed)


def _demo(folder: Path, *, seed: int) -> None:
    _say(f"1. Simulate a marketplace: {FREELANCERS:,} freelancers, {JOBS:,} jobs, two years")
    market = folder / "market"
    sizes = Parameters(freelancers=FREELANCERS, jobs=JOBS)
    write(simulate(sizes, seed=seed), market)
    marketplace = read_marketplace(market)

    _say("2. Train on the first nine tenths: encode, find candidates, grow trees, calibrate")
    encoder = default_encoder()
    snapshot = Snapshot.of(marketplace, encoder=encoder)
    span = test_span(snapshot.jobs)
    until = moment_of(span.test_from)
    trained = train(marketplace, run=Run(), encoder=encoder, until=until, seed=seed)
    trained.write(folder / "bundle", encoder=encoder)
    bundle = Bundle.open(folder / "bundle", features=FEATURES)

    _say("3. Replay the last tenth in time order and compare with a ladder of systems")
    engine = bundle.model.engine(snapshot, encoder=encoder)
    figures = judged(engine, marketplace, market, span, seed=seed, model=bundle.model)
    write_report(figures, folder / "report.json")
    print_report(figures)

    _say("4. Ask for candidates, as of the moment a job was posted")
    labels = Labels.of(marketplace.events, snapshot=snapshot)
    job = next((int(row) for row in span.jobs if len(labels.hired(int(row)))), None)
    if job is None:
        return
    posted = int(snapshot.jobs.posted_at[job])
    matches = engine.match(engine.ask(snapshot.jobs.records[job], as_of=posted, k=5))
    _show(
        matches, snapshot.freelancers, [snapshot.freelancers.ids[row] for row in labels.hired(job)]
    )
    if folder.name and not folder.name.startswith("matcher-demo-"):
        _say(f"Kept in {folder}: market, bundle, report.json and its plots")


def _show(matches: Matches, freelancers: Freelancers, hired: list[str]) -> None:
    job = matches.query.job
    sys.stdout.write(f"\n{job.title}\n{job.description or ''}\n\n")
    versions = zip(matches.rows, matches.query.versions[matches.rows], strict=True)
    headlines = {
        freelancers.ids[row]: freelancers.headline(int(version)) for row, version in versions
    }
    print_matches(
        matches.top,
        headlines=headlines,
        factors={match.freelancer_id: match.factors for match in matches.top},
        excluded=matches.query.excluded,
    )
    sys.stdout.write(f"Hired in the end: {', '.join(hired)}\n")


def _say(line: str) -> None:
    sys.stdout.write(f"\n{line}\n")
    sys.stdout.flush()
