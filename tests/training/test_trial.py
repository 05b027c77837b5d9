"""A trial compares policies on one past, the same posts, the same people and the same luck."""

from __future__ import annotations

import json

import pytest

from matcher.errors import OutputExistsError, UsageError
from tests.commands import Matcher, Ran
from tests.fakes import FakeEncoder
from tests.small_market import a_run
from training.arms import POLICIES
from training.contrast import Played, contrast
from training.simulate.market import Market
from training.simulate.parameters import Parameters
from training.simulate.people import DAY
from training.simulate.recording import policy_of_record
from training.tables import print_trial
from training.trial import Trial, days_of, price_of, run_trial, write_trial

SIZES = Parameters(freelancers=150, jobs=300, days=120)
WARM_UP = 80
SEED = 3


def a_trial(*policies: str, parameters: Parameters = SIZES, **options: object) -> Trial:
    given = {"seeds": [SEED], "warm_up_days": WARM_UP, **options}
    return run_trial(parameters, policies=policies, run=a_run(), encoder=FakeEncoder(), **given)


@pytest.fixture(scope="module")
def trial() -> Trial:
    return a_trial(*POLICIES)


@pytest.fixture(scope="module")
def figures(trial: Trial) -> dict[str, object]:
    return trial.report()


def test_the_same_seed_gives_the_same_trial(trial):
    again = a_trial("popularity", "learned").played[0].fates
    assert again == {name: trial.played[0].fates[name] for name in again}


def test_arms_share_the_posts_after_the_warm_up(trial):
    posts = [post for post in Market(SIZES, seed=SEED).posts if post.at >= WARM_UP * DAY]
    (played,) = trial.played
    assert played.day.tolist() == [post.at // DAY - WARM_UP for post in posts]
    for fates in played.fates.values():
        assert [fate.job_id for fate in fates] == [post.id for post in posts]
        assert [fate.positions for fate in fates] == [post.positions for post in posts]


def test_no_two_policies_come_to_the_same(trial):
    """But a shuffle of everybody may come to no more than no list at all."""
    fates = [done for name, done in trial.played[0].fates.items() if name != "shuffle"]
    assert len(set(fates)) == len(POLICIES) - 1


def test_going_on_from_the_past_is_as_if_the_market_had_never_stopped(trial):
    market, fates = Market(SIZES, seed=SEED), []
    while not market.is_over:
        settled = market.step(policy_of_record(SIZES))
        fates.extend(settled if market.day > WARM_UP else ())
    assert tuple(fates) == trial.played[0].fates["suited"]


def test_popularity_minus_itself_is_exactly_nothing(trial):
    (one,), (other,) = trial.played, a_trial("popularity").played
    fates = {"one": one.fates["popularity"], "other": other.fates["popularity"]}
    found = contrast([Played(seed=SEED, day=one.day, fates=fates)], days=40)
    for apart in found["minus_first"]["other"].values():
        assert apart == {"difference": 0.0, "ci": [0.0, 0.0]}


def test_the_oracle_fills_more_posts_than_nobody_does(figures):
    assert figures["arms"]["oracle"]["filled"] > figures["arms"]["nobody"]["filled"]


def test_lists_at_random_are_mixed_into_those_that_are_chosen_and_no_others(trial):
    mixed = a_trial("oracle", "shuffle", "nobody", exploration=1.0).played[0].fates
    plain = trial.played[0].fates
    assert mixed["oracle"] != plain["oracle"]
    assert (mixed["shuffle"], mixed["nobody"]) == (plain["shuffle"], plain["nobody"])


def test_the_report_says_what_it_rests_on_in_plain_json(figures):
    text = json.dumps(figures, allow_nan=False)
    assert json.loads(text) == figures
    about = figures["about"]
    assert about["policies"] == list(POLICIES) == list(figures["arms"])
    assert about["parameters"]["jobs"] == SIZES.jobs
    assert (about["seeds"], about["warm_up_days"], about["days"]) == ([SEED], WARM_UP, 40)
    assert about["exploration"] == SIZES.exploration
    assert list(figures["minus_first"]) == list(POLICIES[1:])


def test_a_market_without_posts_is_reported_too(tmp_path, capsys):
    empty = a_trial("nobody", "shuffle", parameters=Parameters(freelancers=3, jobs=0, days=9),
                    warm_up_days=None).report()  # fmt: skip
    assert empty["about"]["warm_up_days"] == 0
    write_trial(empty, tmp_path / "trial.json")
    print_trial(empty)
    assert "unknown" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("policies", "options", "said"),
    [
        (["popularity", "magic"], {}, "'magic'; choose from popularity, suited, learned"),
        ([], {}, "at least one policy"),
        (["nobody", "nobody"], {}, "none twice"),
        (["nobody"], {"seeds": []}, "at least one seed"),
        (["nobody"], {"seeds": [1, 1]}, "none twice"),
        (["nobody"], {"seeds": [-1]}, "the seed is -1"),
        (["nobody"], {"warm_up_days": 120}, "leaves no day to compare"),
        (["nobody"], {"warm_up_days": -1}, "leaves no day to compare"),
    ],
)
def test_what_cannot_be_tried_is_refused(policies, options, said):
    with pytest.raises(UsageError, match=said):
        a_trial(*policies, **options)


def test_progress_counts_every_day_that_is_played():
    done, tiny = [], Parameters(freelancers=3, jobs=3, days=30)
    a_trial(
        "nobody", "shuffle", parameters=tiny, seeds=[1, 2], warm_up_days=20, progress=done.append
    )
    assert sum(done) == 2 * (20 + 2 * 10)
    assert sum(done) == days_of(tiny, policies=2, seeds=2, warm_up_days=20)


def test_a_report_is_written_with_its_picture_beside_it(figures, tmp_path):
    write_trial(figures, tmp_path / "deep" / "trial.json")
    folder = tmp_path / "deep"
    assert sorted(path.name for path in folder.iterdir()) == ["trial.json", "trial.png"]
    assert json.loads((folder / "trial.json").read_text()) == figures
    assert (folder / "trial.png").read_bytes().startswith(b"\x89PNG")


def test_a_single_arm_has_no_picture_and_with_force_leaves_no_older_one(tmp_path, capsys):
    (tmp_path / "trial.png").write_bytes(b"older")
    alone = a_trial("nobody").report()
    with pytest.raises(OutputExistsError, match=r"trial\.png already exists"):
        write_trial(alone, tmp_path / "trial.json")
    assert (tmp_path / "trial.png").read_bytes() == b"older"
    write_trial(alone, tmp_path / "trial.json", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["trial.json"]
    print_trial(alone)
    assert "hires a post" in capsys.readouterr().out


@pytest.fixture(scope="module")
def exploring() -> Trial:
    return a_trial("learned:0", "learned:0.25")


def test_a_share_of_the_seats_is_explored_the_same_way_for_a_seed(exploring):
    again = a_trial("learned:0.25").played[0].fates["learned:0.25"]
    assert again == exploring.played[0].fates["learned:0.25"]
    assert again != exploring.played[0].fates["learned:0"]


def test_exploration_has_a_picture_of_its_own(exploring, tmp_path):
    write_trial(exploring.report(), tmp_path / "trial.json")
    pictures = {path.name for path in tmp_path.glob("*.png")}
    assert pictures == {"trial.png", price_of(tmp_path / "trial.json").name}
    assert (tmp_path / "trial-exploration.png").read_bytes().startswith(b"\x89PNG")


def test_an_older_picture_of_exploration_is_kept_or_goes_with_force(figures, tmp_path):
    older = tmp_path / "trial-exploration.png"
    older.write_bytes(b"older")
    with pytest.raises(OutputExistsError, match=r"trial-exploration\.png already exists"):
        write_trial(figures, tmp_path / "trial.json")
    assert older.read_bytes() == b"older"
    write_trial(figures, tmp_path / "trial.json", force=True)
    assert not older.exists()


def test_a_report_that_is_called_like_a_picture_survives_it(figures, tmp_path):
    write_trial(figures, tmp_path / "trial.png")
    assert json.loads((tmp_path / "trial.png").read_text()) == figures
    assert (tmp_path / "trial.png.png").exists()


def test_the_table_holds_every_difference_within_80_columns(figures, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    print_trial(figures)
    text = capsys.readouterr().out
    assert all(len(line.rstrip()) <= 80 for line in text.splitlines())
    for name in POLICIES[1:]:
        apart = figures["minus_first"][name]["hires_per_post"]
        low, high = apart["ci"]
        assert f"{apart['difference']:+.3f} [{low:+.3f} {high:+.3f}]" in text
        assert f"seed {SEED} {apart['difference']:+.3f}" in text


# The command


@pytest.fixture
def tried(tmp_path, monkeypatch, capsys):
    """Runs `matcher trial` on a tiny market, without any encoder's work."""
    (tmp_path / "market.toml").write_text("days = 20\nfreelancers = 9", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MATCHER_HOME", str(tmp_path / "home"))
    command = Matcher(monkeypatch, capsys)

    def run(*arguments: object) -> Ran:
        tiny = ("--config", tmp_path / "market.toml", "--freelancers", 40, "--jobs", 30)
        return command("trial", *tiny, "--seeds", "3,4", *arguments)

    return run


def test_the_command_plays_prints_and_writes(tried, tmp_path):
    out = tmp_path / "trial.json"
    ran = tried("--policies", "popularity,nobody", "--out", out)
    assert ran.code == 0, ran.err
    assert "nobody minus popularity" in ran.out
    about = json.loads(out.read_text())["about"]
    assert about["parameters"]["freelancers"] == 40
    assert (about["parameters"]["days"], about["seeds"]) == (20, [3, 4])
    assert tried("--policies", "nobody", "--out", out).code == OutputExistsError.exit_code
    again = tried("--policies", "nobody", "--out", out, "--force", "--json")
    assert json.loads(again.out)["about"]["policies"] == ["nobody"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--policies", "popularity,magic"), "choose from popularity, suited"),
        (("--policies", "nobody", "--seeds", "3,x"), "whole numbers from 0 on"),
        (("--policies", "nobody", "--warm-up-days", 20), "leaves no day"),
    ],
)
def test_the_command_refuses_wrong_usage(tried, arguments, said):
    ran = tried(*arguments)
    assert ran.code == UsageError.exit_code == 2
    assert said in ran.err


@pytest.fixture
def idle(monkeypatch) -> None:
    """No day of any market may be played."""

    def played(*_: object, **__: object) -> None:
        raise AssertionError("a day was played")

    monkeypatch.setattr(Market, "step", played)


@pytest.mark.usefixtures("idle")
def test_the_command_refuses_an_output_before_the_first_day(tried, tmp_path):
    (tmp_path / "trial.png").write_bytes(b"a holiday")
    ran = tried("--policies", "nobody", "--out", tmp_path / "trial.json")
    assert (ran.code, "trial.png already exists" in ran.err) == (2, True)
    (tmp_path / "file").write_text("x")
    for out, said in (
        (tmp_path / "file" / "trial.json", "is no directory"),
        ("/proc/x/trial.json", "cannot be written"),
        (tmp_path, "is there and is no file"),
    ):
        ran = tried("--policies", "nobody", "--out", out, "--force")
        assert (ran.code, said in ran.err) == (2, True)
        assert "Traceback" not in ran.err
    assert (tmp_path / "trial.png").read_bytes() == b"a holiday"


@pytest.mark.usefixtures("idle")
def test_the_command_refuses_a_size_out_of_bounds(tried):
    ran = tried("--policies", "nobody", "--jobs", 10**9)
    assert (ran.code, "no market has this size: jobs" in ran.err) == (2, True)
