"""The model card: what a bundle is, what it learned from, what it must not be used for.

Source: Mitchell et al., FAT* 2019, doi:10.1145/3287560.3287596
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from matcher.domain import moment_of
from matcher.ranking.gbdt import GbdtRanker
from matcher.retrieval.light import Light

if TYPE_CHECKING:
    from training.build import Trained

TEMPLATE = """# {name}

Ranks freelancers for a job. {ranker}

## Learned from

| | |
|---|---|
| until | {until} |
| freelancers | {freelancers:,} |
| jobs | {jobs:,} |
| events | {events:,} |
| latest event | {last} |

## Fit

| figure | value |
|---|---|
{figures}

## Encoder

{encoder}

## Use

For proposing candidates to a person who decides. Scores order one list and mean nothing
across lists; `p_hire` is the calibrated probability that a retrieved candidate is
hired{calibrated}.

## Limits

It repeats what past clients chose, with their habits and their blind spots. People without a
history are found by their profile alone. Outcomes that had not arrived by `until` count as
not happened. It has not been audited for fairness between groups.
"""


def card(trained: Trained, light: Light | str) -> str:
    """The card as Markdown; a function of the training alone.

    Args:
        light: The encoder that the bundle carries, or why it carries none.
    """
    model, snapshot = trained.model, trained.snapshot
    is_trained = isinstance(model.ranker, GbdtRanker)
    return TEMPLATE.format(
        name=model.run.name,
        ranker="A LambdaRank model of boosted trees."
        if is_trained
        else "A weighted sum: there was too little to train on.",
        until="all that was recorded" if trained.until is None else trained.until.isoformat(),
        freelancers=len(snapshot.freelancers),
        jobs=len(snapshot.jobs),
        events=len(trained.marketplace.events),
        last=moment_of(snapshot.history.last_at).isoformat()
        if snapshot.history.last_at
        else "none",
        figures="\n".join(f"| {name} | {value:g} |" for name, value in trained.figures.items()),
        calibrated="" if is_trained else " (here unknown)",
        encoder=_of_encoder(light),
    )


def _of_encoder(light: Light | str) -> str:
    if isinstance(light, str):
        return f"The training's own serves, under PyTorch: {light}."
    found = light.agreement
    return (
        f"The bundle carries one that serves without PyTorch ({found.precision}). Of the ten jobs "
        f"nearest to {found.texts} of the bundle's jobs it finds {found.overlap:.1%} of those that "
        f"the training's own finds; the two vectors of a text have a cosine of "
        f"{found.cosine_mean:.4f} on average and of {found.cosine_least:.4f} at least."
    )
