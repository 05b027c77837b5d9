"""What is too early to say is left out, and a contract is as good as its evidence says."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.domain import DAY_US
from matcher.heads import ACCEPT, HIRE, QUALITY
from matcher.quality import QualityScale
from matcher.reputation import PRIVATE, USUAL
from tests.builders import a_freelancer, a_job, a_market, a_snapshot, an_event, instant
from training.outcomes import Contracts, Maturity

SCALE = QualityScale(
    anchor=PRIVATE, usual=0.8, slopes={PRIVATE: 1.0}, noises={PRIVATE: 0.04}, person_variance=0.01
)


def snapshot_of(*events: dict[str, object], jobs: int = 1, **fields: object):
    return a_snapshot(
        a_market(
            freelancers=[a_freelancer("f1"), a_freelancer("f2")],
            jobs=[a_job(f"j{n}", posted=-100 + n, **fields) for n in range(jobs)],
            events=events,
        )
    )


def test_waits_are_the_95th_percentile_of_the_delays():
    """Twenty hires after 1 to 20 days: 19.05 days, by linear interpolation."""
    events = [an_event("hired", f"j{n}", "f1", at=-100 + n + (n + 1)) for n in range(20)]
    maturity = Maturity.of(snapshot_of(*events, jobs=20), until=instant())
    assert maturity.days()[HIRE] == pytest.approx(19.05)
    assert maturity.days()[ACCEPT] == 0  # nobody applied


def test_a_job_younger_than_the_wait_is_censored_whatever_has_happened():
    events = [
        an_event("hired", "j0", "f1", at=-90),  # after ten days
        an_event("hired", "j1", "f1", at=-98),
    ]
    found = snapshot_of(*events, jobs=2)
    maturity = Maturity.of(found, until=instant(-90))
    wait = maturity.waits[HIRE]
    posted = np.array([instant(-90) - wait - 1, instant(-90) - wait, instant(-91)])
    assert maturity.is_mature(HIRE, posted).tolist() == [True, False, False]


def test_where_posting_and_hiring_coincide_nothing_is_waited_for():
    maturity = Maturity.of(snapshot_of(an_event("hired", "j0", "f1", at=-100)), until=instant())
    assert set(maturity.days().values()) == {0.0}


def test_a_contract_waits_for_the_last_word_on_it():
    events = [
        an_event("hired", "j0", "f1", at=-90),
        an_event("completed", "j0", "f1", at=-60),
        an_event("rated_private", "j0", "f1", at=-50, value=9.0),
    ]
    maturity = Maturity.of(snapshot_of(*events), until=instant())
    assert 30 * DAY_US < maturity.waits[QUALITY] <= 40 * DAY_US


def test_an_empty_market_has_no_delays():
    nothing = a_snapshot(a_market())
    assert set(Maturity.of(nothing, until=instant()).waits.values()) == {0}
    assert Contracts.of(nothing, SCALE).quality == {}


def test_the_private_answer_alone_says_how_a_contract_went():
    events = [
        an_event("hired", "j0", "f1", at=-90),
        an_event("completed", "j0", "f1", at=-60),
        an_event("rated_freelancer", "j0", "f1", at=-59, value=5.0),
        an_event("rated_private", "j0", "f1", at=-58, value=3.0),
    ]
    found = Contracts.of(snapshot_of(*events), SCALE)
    assert list(found.quality) == [(0, 0)]
    assert found.quality[0, 0] == pytest.approx(SCALE.usual + 0.3 - USUAL[PRIVATE])
    assert found.begun_at[0, 0] == instant(-90)


def test_a_contract_of_which_nothing_is_known_has_no_quality():
    found = Contracts.of(snapshot_of(an_event("hired", "j0", "f1", at=-90)), SCALE)
    assert found.quality == {}
    assert found.begun_at


def test_without_a_private_answer_a_broken_off_contract_is_worse_than_a_completed_one():
    """What others answered in private about such endings says so."""
    events = []
    for n in range(40):
        is_good = n % 2 == 0
        events += [
            an_event("hired", f"j{n}", "f1", at=-99 + n),
            an_event("completed" if is_good else "cancelled", f"j{n}", "f1", at=-50 + n),
        ]
        if n < 30:
            value = 9.0 if is_good else 2.0
            events.append(an_event("rated_private", f"j{n}", "f1", at=-49 + n, value=value))
    found = Contracts.of(snapshot_of(*events, jobs=40), SCALE)
    completed = [found.quality[n, 0] for n in range(30, 40, 2)]
    cancelled = [found.quality[n, 0] for n in range(31, 40, 2)]
    assert min(completed) > max(cancelled) + 0.2


def test_a_scale_without_an_anchor_tells_nothing():
    events = [an_event("hired", "j0", "f1", at=-90), an_event("completed", "j0", "f1", at=-60)]
    assert Contracts.of(snapshot_of(*events), QualityScale()).quality == {}
