"""What a post leaves unsaid."""

from __future__ import annotations

import re

import numpy as np
import pytest

from training.simulate.clients import draw_clients
from training.simulate.posts import Post, draw_posts
from training.simulate.vocabulary import skills


@pytest.fixture(scope="module")
def posts() -> tuple[Post, ...]:
    rng = np.random.default_rng(4)
    return draw_posts(400, draw_clients(400, rng), rng)


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
    ["description", "category", "skills", "payment", "budget_usd_max", "weeks", "country"],
)
def test_any_field_may_be_missing(posts, column):
    missing = np.mean([post.row[column] is None for post in posts])
    assert 0 < missing < 0.6


def test_titles_are_never_missing_and_texts_have_no_open_pattern(posts):
    assert all(post.row["title"] for post in posts)
    assert not [post for post in posts if re.search(r"[\[\]{}|]", text(post))]


def test_posts_come_in_order_of_time(posts):
    assert list(posts) == sorted(posts, key=lambda post: post.at)
