"""What stands between a freelancer and the open jobs that suit them best, in counts.

Every sentence is a count over jobs that are open now, or names a field of the profile that is
unknown and that clients filter by. None says what would follow from a change: nobody can know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from matcher.details.profile import Profile
from matcher.domain import Job

MOST_SKILLS = 3
LEAST_JOBS = 3
LEAST_SHARE = 0.1
LIMITS = (
    "These are counts over jobs that are open now, not causes: who is hired depends on much that "
    "nobody records, and no change of a profile promises a hire."
)
Asked = Sequence[tuple[Job, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One plain sentence about a profile.

    Attributes:
        kind: `skill`, `hours`, `rate`, `languages`, `profile` or `limits`.
        skill: Which; None for other kinds.
        jobs: How many jobs it is true of; `of`: among how many. None where nothing is counted.
    """

    kind: str
    text: str
    skill: str | None = None
    jobs: int | None = None
    of: int | None = None


def advice(profile: Profile, best: Asked) -> tuple[Advice, ...]:
    """What there is to say, the most concrete first; what cannot be known comes last.

    Args:
        best: The open jobs that suit them best, with the skills that each asks for.
    """
    return (
        *_skills(profile, best),
        *_rate(profile, [job for job, _ in best]),
        *_languages(profile, [job for job, _ in best]),
        *_unknown(profile),
        Advice(kind="limits", text=LIMITS),
    )


def _skills(profile: Profile, best: Asked) -> Iterator[Advice]:
    lacking = Counter(name for _, asked in best for name in asked if name not in profile.skills)
    often = sorted(lacking.items(), key=lambda one: (-one[1], one[0]))
    for name, jobs in often[:MOST_SKILLS]:
        if _is_many(jobs, len(best)):
            text = (
                f"{_of(jobs, len(best))} open jobs that suit you best ask for {name}, which your "
                "profile does not list."
            )
            yield Advice(kind="skill", skill=name, jobs=jobs, of=len(best), text=text)


def _rate(profile: Profile, jobs: Sequence[Job]) -> Iterator[Advice]:
    rate = profile.hourly_rate_usd
    if rate is None:
        return
    hourly = [job for job in jobs if job.payment == "hourly"]
    most = [job.budget_usd_max for job in hourly if job.budget_usd_max is not None]
    least = [job.budget_usd_min for job in hourly if job.budget_usd_min is not None]
    above, below = sum(rate > one for one in most), sum(rate < one for one in least)
    for count, of, side in (
        (above, len(most), "more than the most"),
        (below, len(least), "less than the least"),
    ):
        if _is_many(count, of) and 4 * count >= of:
            text = (
                f"You ask {rate:,.4g} USD an hour: {side} that {_of(count, of)} hourly jobs among "
                "those that suit you best say they pay."
            )
            yield Advice(kind="rate", jobs=count, of=of, text=text)


def _languages(profile: Profile, jobs: Sequence[Job]) -> Iterator[Advice]:
    if not profile.languages:
        return
    lacking = Counter(
        code for job in jobs for code in set(job.languages) if code not in profile.languages
    )
    for code, count in sorted(lacking.items(), key=lambda one: (-one[1], one[0]))[:1]:
        if _is_many(count, len(jobs)):
            text = (
                f"{_of(count, len(jobs))} open jobs that suit you best ask for the language "
                f"'{code}', which your profile does not list."
            )
            yield Advice(kind="languages", jobs=count, of=len(jobs), text=text)


def _unknown(profile: Profile) -> Iterator[Advice]:
    """Fields without which nobody passes a filter."""
    for kind, is_known, what, filtered in (
        ("rate", profile.hourly_rate_usd is not None, "no hourly rate", "rate"),
        ("hours", profile.weekly_hours is not None, "no hours a week", "hours"),
        ("languages", bool(profile.languages), "no language", "language"),
        ("profile", bool(profile.skills), "no skill", "skill"),
        ("profile", profile.utc_offset_hours is not None, "no time zone", "time zone"),
        ("profile", profile.country is not None, "no country", "country"),
    ):
        if not is_known:
            text = f"Your profile names {what}: clients who filter by {filtered} do not see you."
            yield Advice(kind=kind, text=text)
    if not (profile.title or profile.overview):
        text = "Your profile has neither title nor overview: nobody finds you by your words."
        yield Advice(kind="profile", text=text)


def _is_many(jobs: int, of: int) -> bool:
    return jobs >= LEAST_JOBS and jobs >= LEAST_SHARE * of


def _of(jobs: int, of: int) -> str:
    return f"all {of}" if jobs == of else f"{jobs} of the {of}"
