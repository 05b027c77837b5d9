"""What a post leaves unsaid."""

from __future__ import annotations

import re

import numpy as np
import pytest

from training.simulate.clients import draw_clients
from training.simulate.niches import niches
from training.simulate.parameters import Applications, Attention, Hiring, Parameters
from training.simulate.people import DAY
from training.simulate.posts import Post, draw_posts
from training.simulate.vocabulary import categories, skills, technical


def some_posts(n: int = 400, *, seed: int = 4, **changed: object) -> tuple[Post, ...]:
    given = Parameters.model_validate({"jobs": n} | changed)
    rng = np.random.default_rng(seed)
    return draw_posts(draw_clients(n, severity=0.3, rng=rng), given, rng)


@pytest.fixture(scope="module")
def posts() -> tuple[Post, ...]:
    return some_posts()


def text(post: Post) -> str:
    words = (post.row["title"], post.row["description"], post.row["skills"])
    return " ".join(" ".join(each) if isinstance(each, tuple) else each or "" for each in words)


def unnamed(post: Post) -> list[str]:
    needed = [list(skills().values())[row] for row in post.needs]
    return [
        skill.name
        for skill in needed
        if not any(
            re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text(post), re.IGNORECASE)
            for each in skill.spellings
        )
    ]


def test_many_posts_need_skills_that_they_do_not_name(posts):
    assert np.mean([bool(unnamed(post)) for post in posts]) > 0.5


def test_some_name_a_skill_and_not_what_it_implies(posts):
    silent = [
        post
        for post in posts
        if any(
            implied in unnamed(post)
            for row in post.needs
            for implied in list(skills().values())[row].implies
        )
    ]
    assert silent


def test_some_unnamed_skills_are_hinted_at(posts):
    hinted = [
        post for post in posts if any(skills()[name].clue in text(post) for name in unnamed(post))
    ]
    assert len(hinted) > 0.2 * len(posts)


def test_the_same_skill_is_spelled_in_more_than_one_way(posts):
    listed = {each for post in posts for each in (post.row["skills"] or ())}
    assert any(len(listed & set(skill.spellings)) > 1 for skill in skills().values())


@pytest.mark.parametrize(
    "column",
    [
        "description",
        "category",
        "skills",
        "payment",
        "budget_usd_min",
        "budget_usd_max",
        "weeks",
        "country",
        "utc_offset_hours",
        "languages",
    ],
)
def test_any_field_may_be_missing(posts, column):
    missing = np.mean([post.row[column] is None for post in posts])
    assert 0 < missing < 0.75


def test_positions_are_mostly_left_unsaid_and_then_there_is_one(posts):
    said = [post for post in posts if post.row["positions"] is not None]
    assert 0 < len(said) < 0.6 * len(posts)
    assert all(post.positions == post.row["positions"] for post in said)
    assert all(post.positions == 1 for post in posts if post.row["positions"] is None)
    assert {post.positions for post in posts} == {1, 2, 3}


def test_whoever_counts_the_people_wanted_counts_them_right():
    """In a prose of slips: a first letter is never slipped, and neither is a figure."""
    texts = {1: "", 2: "", 3: ""}
    for post in some_posts(4_000):
        texts[post.positions] += f"\n{post.row['title']} {post.row['description']}"
    told = {count: set(re.findall(r"(?:Just |: )(one|\d+) p\w+", texts[count])) for count in texts}
    assert told == {1: {"one"}, 2: {"2"}, 3: {"3"}}


def test_titles_are_never_missing_and_texts_have_no_open_pattern(posts):
    assert all(post.row["title"] for post in posts)
    assert not [post for post in posts if re.search(r"[\[\]{}|]", text(post))]


def test_posts_come_in_order_of_time_within_the_span(posts):
    assert list(posts) == sorted(posts, key=lambda post: post.at)
    assert posts[0].at >= DAY
    assert posts[-1].at < Parameters().days * DAY
    assert [post.row["posted_at"] for post in posts] == [post.at for post in posts]
    assert len({post.id for post in posts}) == len(posts)


def test_posts_become_ever_denser(posts):
    middle = Parameters().days * DAY / 2
    assert sum(post.at > middle for post in posts) > 0.55 * len(posts)


def test_what_a_post_says_is_true_where_it_says_anything(posts):
    for post in posts:
        niche = niches()[post.niche]
        assert post.category_name == niche.category == list(categories())[post.category]
        assert post.row["category"] in {None, niche.category}
        assert post.row["weeks"] in {None, post.weeks}
        assert post.row["client_id"] == post.client.id
        assert post.row["languages"] == (None if post.language is None else (post.language,))
        assert len(set(post.needs)) == len(post.needs) >= 2


def test_a_budget_is_a_range_around_the_offer(posts):
    low, high = (
        [post.row[f"budget_usd_{end}"] for post in posts if post.row["budget_usd_min"]]
        for end in ("min", "max")
    )
    assert all(0 < least <= most for least, most in zip(low, high, strict=True))
    hourly = [post for post in posts if post.is_hourly and post.row["budget_usd_max"]]
    ratio = [post.row["budget_usd_max"] / post.offer for post in hourly]
    assert 0.9 < np.median(ratio) < 1.3


def test_a_post_closes_after_it_opens(posts):
    closing = [post for post in posts if post.closes_after is not None]
    assert 0 < len(closing) < len(posts)
    assert all(post.row["closes_at"] == post.at + post.closes_after for post in closing)
    assert min(post.closes_after for post in closing) > DAY
    assert all(post.row["closes_at"] is None for post in posts if post.closes_after is None)


def test_most_posts_of_a_client_are_about_what_it_mostly_buys(posts):
    home = [post.niche in post.client.niches for post in posts]
    assert 0.6 < np.mean(home) < 1


def test_some_clients_post_a_lot(posts):
    _, counts = np.unique([post.client.id for post in posts], return_counts=True)
    assert np.sort(counts)[::-1][: len(counts) // 5].sum() > 0.4 * len(posts)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_as_many_clients_invite_as_the_parameters_say(share):
    inviting = [post.is_inviting for post in some_posts(hiring=Hiring(inviting=share))]
    assert np.mean(inviting) == pytest.approx(share, abs=0.1)


def test_lists_are_read_for_technical_posts_or_others_as_the_parameters_say():
    only = some_posts(attention=Attention(technical=1.0, other=0.0))
    assert all(post.reads_list == (post.category_name in technical()) for post in only)
    assert {post.reads_list for post in only} == {True, False}


def test_crowds_are_as_large_on_average_and_as_wild_as_the_parameters_say():
    crowd = np.array(
        [post.crowd for post in some_posts(applications=Applications(mean=10.0, dispersion=2.0))]
    )
    assert crowd.mean() == pytest.approx(10.0, rel=0.15)
    assert crowd.var() == pytest.approx(10.0**2 / 2.0, rel=0.35)


def test_no_jobs_make_no_posts():
    assert some_posts(0) == ()


def test_the_same_seed_makes_the_same_posts():
    first, second, other = (
        [dict(post.row) for post in some_posts(50, seed=seed)] for seed in (4, 4, 5)
    )
    assert first == second != other
