"""Quality pooled from few ratings: by how much, and what is learned of the scale."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from matcher.domain import DAY_US
from matcher.quality import QualityScale
from matcher.reputation import PRIVATE, SIGNALS, STARS, Pieces, Reputation
from matcher.tally import Tally, View

PEOPLE, JOBS_EACH = 300, 6
PERSON_SD, NOISE_SD = 0.10, 0.20


def pieces(values: np.ndarray) -> Pieces:
    """[people, jobs] deviations, every one of a job of its own."""
    people, jobs = values.shape
    number = np.arange(values.size)
    return Pieces(
        at=number * DAY_US,
        job=number,
        freelancer=np.repeat(np.arange(people), jobs),
        deviation=values.ravel(),
    )


def reputation(**signals: Pieces) -> Reputation:
    nothing = pieces(np.zeros((0, 1)))
    of_signal = {signal: signals.get(signal, nothing) for signal in SIGNALS}
    tallies = {s: Tally.of(one.freelancer, one.at, one.deviation) for s, one in of_signal.items()}
    return Reputation(pieces=of_signal, usual={}, by_person=tallies, by_skill=tallies)


def drawn(seed: int = 1) -> tuple[np.ndarray, Reputation]:
    """People's true quality; private ratings that follow it, and stars that hardly do."""
    rng = np.random.default_rng(seed)
    true = PERSON_SD * rng.standard_normal(PEOPLE)
    private = true[:, None] + NOISE_SD * rng.standard_normal((PEOPLE, JOBS_EACH))
    stars = 0.2 * true[:, None] + 0.1 * rng.standard_normal((PEOPLE, JOBS_EACH))
    return true, reputation(private=pieces(private), stars=pieces(stars))


def views(found: Reputation, *signals: str) -> Mapping[str, View]:
    everybody = np.arange(PEOPLE)
    later = np.full(PEOPLE, PEOPLE * JOBS_EACH * DAY_US)
    return {signal: found.by_person[signal].view(everybody, later) for signal in signals}


def fitted(found: Reputation) -> QualityScale:
    return QualityScale.fit(found, usual={PRIVATE: 0.8, STARS: 0.95})


def test_the_variances_of_a_known_market_are_found():
    scale = fitted(drawn()[1])
    assert scale.anchor == PRIVATE
    assert scale.usual == 0.8
    assert scale.person_variance == pytest.approx(PERSON_SD**2, rel=0.4)
    assert scale.noises[PRIVATE] == pytest.approx(NOISE_SD**2, rel=0.15)
    assert scale.slopes[STARS] == pytest.approx(0.2, abs=0.1)


def test_pooling_comes_closer_to_the_truth_than_plain_means_do():
    true, found = drawn()
    mean, variance = fitted(found).person(views(found, PRIVATE))
    plain = found.pieces[PRIVATE].deviation.reshape(PEOPLE, JOBS_EACH).mean(axis=1)
    assert np.mean((mean - true) ** 2) < 0.8 * np.mean((plain - true) ** 2)
    assert (variance < fitted(found).person_variance).all()


def test_a_second_signal_adds_certainty():
    _, found = drawn()
    scale = fitted(found)
    assert (
        scale.person(views(found, PRIVATE, STARS))[1] < scale.person(views(found, PRIVATE))[1]
    ).all()


def test_of_a_newcomer_only_the_prior_is_known():
    _, found = drawn()
    scale = fitted(found)
    nobody = {PRIVATE: found.by_person[PRIVATE].view(np.array([PEOPLE + 5]), np.array([DAY_US]))}
    mean, variance = scale.person(nobody)
    assert mean.tolist() == [0.0]
    assert variance.tolist() == pytest.approx([scale.person_variance])


def test_more_evidence_of_one_kind_moves_the_mean_towards_it():
    scale = QualityScale(
        anchor=PRIVATE,
        usual=0.8,
        slopes={PRIVATE: 1.0},
        noises={PRIVATE: 0.04},
        person_variance=0.01,
        skill_variance=0.01,
    )

    def after(count: int) -> float:
        rows, at = np.zeros(count, np.int64), np.arange(count) * DAY_US
        tally = Tally.of(rows, at, np.full(count, 0.1))
        view = tally.view(np.zeros(1, np.int64), np.array([10**18]))
        return float(scale.person({PRIVATE: view})[0][0])

    means = [after(count) for count in (0, 1, 4, 100)]
    assert means[0] == 0
    assert means[1] == pytest.approx(0.1 * (1 / 0.04) / (1 / 0.04 + 1 / 0.01))
    assert means == sorted(means)
    assert means[3] == pytest.approx(0.1, abs=0.005)


def test_work_in_a_skill_without_evidence_is_as_good_as_the_person():
    scale = QualityScale(
        anchor=PRIVATE, usual=0.8, slopes={PRIVATE: 1.0}, noises={PRIVATE: 0.04},
        person_variance=0.01, skill_variance=0.02,
    )  # fmt: skip
    nothing = Tally.of(np.zeros(0, np.int64), np.zeros(0, np.int64))
    view = nothing.view(np.zeros(2, np.int64), np.zeros(2, np.int64))
    person = np.array([0.05, -0.1], np.float32)
    assert scale.in_skill(person, {PRIVATE: view}).tolist() == pytest.approx(person.tolist())


@pytest.mark.parametrize("count", [0, 1, 49])
def test_too_little_evidence_makes_no_scale(count):
    few = reputation(private=pieces(np.zeros((count, 1))))
    assert fitted(few) == QualityScale()


def test_where_nobody_answers_in_private_stars_are_the_scale():
    rng = np.random.default_rng(2)
    found = reputation(stars=pieces(0.1 * rng.standard_normal((PEOPLE, JOBS_EACH))))
    assert fitted(found).anchor == STARS
