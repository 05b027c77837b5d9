"""Every number that the simulated market's people act by, in one place.

They are calibrated at the sizes of `data/runs/market.toml`, the market that figures are quoted
on; `moments.py` says to what. The default sizes are smaller, and at those some figures lie
outside their tolerance: the README says which and why. A market file (TOML) may change any of
the numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from matcher.errors import UsageError
from matcher.run import Section, read_section, what_is_wrong
from matcher.top_rated import TopRatedRule
from training.simulate.places import PLACES

FROZEN_FREELANCERS, FROZEN_JOBS = 20_000, 30_000  # of the market that figures are quoted on


def _of_the_market(country: str) -> str:
    known = sorted({place.country for place in PLACES})
    if country not in known:
        raise ValueError(f"nobody lives in {country}; the countries are {', '.join(known)}")
    return country


# A number in quotes is no number. The bounds are far from anything real; within, nothing overflows.
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Factor = Annotated[float, Field(strict=True, ge=0, le=1_000)]
Positive = Annotated[float, Field(strict=True, ge=1e-6, le=1_000_000)]
Usd = Annotated[float, Field(strict=True, ge=0, le=1e9)]
Log = Annotated[float, Field(strict=True, ge=0, le=100)]
Many = Annotated[int, Field(strict=True, ge=0, le=10_000_000)]
Count = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Seats = Annotated[int, Field(strict=True, ge=1, le=1_000)]
Country = Annotated[str, AfterValidator(_of_the_market)]


class Funnel(Section):
    """From signing up to being top rated.

    Attributes:
        competing: Share of sign-ups that complete a profile and pass the review; they are the
            freelancers of the market, and compete.
        founders: Share of the freelancers who are there on the first day.
        top_rated_contracts: Completed contracts that top rated takes.
        top_rated_success: Share of ended contracts that must have been completed for it.
        top_rated_earned_usd: Money that must have been earned for it.
    """

    competing: Annotated[float, Field(strict=True, ge=0.001, le=1)] = 0.12
    founders: Share = 0.4
    top_rated_contracts: Count = 8
    top_rated_success: Share = 0.9
    top_rated_earned_usd: Usd = 5_000.0

    def top_rated(self) -> TopRatedRule:
        """The rule that the three add up to."""
        return TopRatedRule(
            contracts=self.top_rated_contracts,
            success=self.top_rated_success,
            earned_usd=self.top_rated_earned_usd,
        )


class Applications(Section):
    """Freelancers who apply unasked.

    Attributes:
        mean: Applications a job; their number is negative-binomial.
        dispersion: Shape of the gamma that spreads the mean; less is wilder.
        prompt: Chance that an application is in within a minute.
    """

    mean: Factor = 25.0
    dispersion: Positive = 1.6
    prompt: Share = 0.068


class Attention(Section):
    """How a client reads the list of a policy: seat k is looked at with chance `k ** -decay`.

    Source: Joachims, Swaminathan & Schnabel, WSDM 2017, doi:10.1145/3018661.3018699 (examination by
    rank); Agarwal et al., WWW 2019, doi:10.1145/3308558.3313697 (trust in the rank).

    Attributes:
        seats: How long a list is.
        decay: How fast attention fades from seat to seat.
        fold: The last seat that is seen without scrolling.
        below_fold: Factor on the chance below it.
        trust: Chance of inviting seat 1 for its place alone, once looked at; `trust / k` at seat k.
        technical: Chance that the client of a technical post reads the list at all.
        other: The same for all other posts.
    """

    seats: Seats = 12
    decay: Log = 1.0
    fold: Seats = 8
    below_fold: Share = 0.3
    trust: Share = 0.1
    technical: Share = 0.95
    other: Share = 0.15


class Hiring(Section):
    """What clients do with those who come.

    Attributes:
        inviting: Share of posts whose client is ready to invite.
        own_search: Invitations that an inviting client sends to people it found by itself.
        boost: Factor on the attraction of somebody who was invited and accepted.
        patience: Attraction of nobody, in units of the organic supply; more means fewer hires.
        thinness: 0: a client's demands grow in step with supply; 1: they never do.
        rebuff: What each declined invitation adds to the attraction of nobody, as a share of it.
        new_client_premium: What a bid to a client without any hire is higher by.
        country_penalty: Country of `PLACES` -> what its freelancers lose in a client's liking (log
            scale).
        pay_gap: Share by which group "b" asks less than group "a" for the same work.
    """

    inviting: Share = 0.57
    own_search: Factor = 0.1
    boost: Positive = 18.0
    patience: Positive = 4.6
    thinness: Share = 0.3
    rebuff: Factor = 0.2
    new_client_premium: Factor = 0.10
    country_penalty: dict[Country, Log] = Field(default_factory=dict)
    pay_gap: Annotated[float, Field(strict=True, ge=0, lt=1)] = 0.0


class Ratings(Section):
    """Stars in public, and what was felt in private.

    Attributes:
        answered: Share of contracts after which the client leaves stars.
        private: Share after which it answers the private question too.
        kindness: Chance that a dissatisfied client gives 4 or 5 stars all the same.
        drift: By how much that chance grows over the span, half before the middle of it.
        severity: Standard deviation of the clients' severity, in units of delivered quality.
    """

    answered: Share = 0.82
    private: Share = 0.6
    kindness: Share = 0.24
    drift: Share = 0.1
    severity: Factor = 0.35


class Parameters(Section):
    """A whole market file.

    Attributes:
        freelancers: How many compete in the end, 40% of them from the first day on.
        jobs: How many posts there are.
        days: How long the market lasts, from 2024-01-01 on.
        exploration: Share of the lists that the policy of record draws from the best hundred.
    """

    freelancers: Many = 1_500
    jobs: Many = 3_000
    days: Annotated[int, Field(strict=True, ge=2, le=10_000)] = 730
    exploration: Share = 0.1
    funnel: Funnel = Funnel()
    applications: Applications = Applications()
    attention: Attention = Attention()
    hiring: Hiring = Hiring()
    ratings: Ratings = Ratings()


def read_parameters(path: Path) -> Parameters:
    """Read a market file.

    Raises:
        UsageError: It is missing, not TOML, or holds a key or value that is not allowed.
    """
    return read_section(path, Parameters, what="market file")


def resized(given: Parameters, sizes: Mapping[str, int]) -> Parameters:
    """The same market in other sizes.

    Raises:
        UsageError: A size is out of bounds.
    """
    try:
        return Parameters.model_validate(given.model_dump() | dict(sizes))
    except ValidationError as error:
        raise UsageError(f"no market has this size: {what_is_wrong(error)}") from error
