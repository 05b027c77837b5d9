"""What posts and overviews say, how differently they say it, and the slips they make."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
import pytest

from training.simulate.niches import Niche, niches
from training.simulate.noise import with_typos
from training.simulate.prose import (
    REGISTERS,
    Register,
    about_client,
    expand,
    overview,
    post_description,
    post_title,
    profile_title,
    spelling,
)
from training.simulate.vocabulary import Skill, skills

PLAIN = "plainly written words without any capital letter inside them " * 200


def core(niche: Niche) -> list[Skill]:
    return [skills()[name] for name in niche.core]


def a_post(
    niche: Niche,
    rng: np.random.Generator,
    *,
    register: Register,
    named: Sequence[Skill] = (),
    hinted: Sequence[Skill] = (),
) -> str:
    words = {
        "about": about_client(industry="[bakery|café]", city="Köln", rng=rng),
        "industry": "bakery",
        "city": "Köln",
        "hours": "20",
        "headcount": "one person",
    }
    return post_description(
        niche, named=named, hinted=hinted, words=words, register=register, rng=rng
    )


def an_overview(
    niche: Niche,
    rng: np.random.Generator,
    *,
    register: Register,
    listed: Sequence[Skill] = (),
    hints: Sequence[str] = (),
) -> str:
    return overview(
        niche.category, listed=listed, hints=hints, city="Đà Nẵng", register=register, rng=rng
    )


def every_text(register: Register, rng: np.random.Generator) -> list[str]:
    """Posts, overviews and both kinds of title of every niche."""
    return list(
        chain.from_iterable(
            (
                post_title(niche, named=core(niche)[:1], register=register, rng=rng),
                a_post(niche, rng, register=register, named=core(niche)[:2]),
                profile_title(niche.category, listed=core(niche), register=register, rng=rng),
                profile_title(niche.category, listed=(), register=register, rng=rng),
                an_overview(niche, rng, register=register, listed=core(niche), hints=niche.hints),
            )
            for niche in niches()
            for _ in range(5)
        )
    )


def mentions(text: str, words: Sequence[str]) -> bool:
    either = "|".join(re.escape(word) for word in words)
    return re.search(rf"(?<!\w)({either})(?!\w)", text, re.IGNORECASE) is not None


def changed(before: str, after: str) -> float:
    """Share of the words of four letters and more that differ by more than their case."""
    pairs = zip(before.lower().split(), after.lower().split(), strict=True)
    return float(np.mean([one != other for one, other in pairs if len(one) >= 4]))


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def test_a_choice_is_made_and_a_word_filled_in(rng):
    drawn = {expand("[Red|Blue] {thing}[!|]", rng, thing="[van|cart]") for _ in range(200)}
    assert drawn == {"Red [van|cart]!", "Red [van|cart]", "Blue [van|cart]!", "Blue [van|cart]"}


@pytest.mark.parametrize("register", REGISTERS)
def test_no_open_pattern_is_left_over(register, rng):
    assert not [text for text in every_text(register, rng) if re.search(r"[\[\]{}|]", text)]
    assert all(text.strip() == text != "" for text in every_text(register, rng))


@pytest.mark.parametrize("register", REGISTERS)
def test_two_thousand_posts_of_one_niche_hardly_repeat(register, rng):
    niche = niches()[0]
    texts = {a_post(niche, rng, register=register, named=core(niche)[:2]) for _ in range(2_000)}
    assert len(texts) > 0.99 * 2_000


@pytest.mark.parametrize("register", REGISTERS)
def test_two_thousand_overviews_of_one_trade_hardly_repeat(register, rng):
    texts = {an_overview(niches()[0], rng, register=register) for _ in range(2_000)}
    assert len(texts) > 0.98 * 2_000


def test_a_terse_post_is_short_and_a_formal_one_may_be_long(rng):
    lengths = {
        register: [
            len(a_post(niche, rng, register=register, named=core(niche)[:1]).split())
            for niche in niches()
            for _ in range(20)
        ]
        for register in REGISTERS
    }
    assert min(lengths["terse"]) >= 8
    assert np.quantile(lengths["terse"], 0.95) <= 40
    assert np.mean(lengths["terse"]) < np.mean(lengths["casual"]) < np.mean(lengths["formal"])
    assert 90 < max(lengths["formal"]) <= 150


def test_only_the_casual_chat_and_only_the_terse_drop_their_full_stops(rng):
    texts = {register: " ".join(every_text(register, rng)) for register in REGISTERS}
    stock = {
        register: re.findall(r"\b(?:we'd|we're|we've|i'm|i'd|you'll)\b|☺|🙂", text, re.IGNORECASE)
        for register, text in texts.items()
    }
    stops = {register: text.count(". ") / len(text) for register, text in texts.items()}
    assert len(stock["casual"]) > 100
    assert not stock["formal"]
    assert not stock["terse"]
    assert stops["terse"] < 0.5 * stops["formal"]


@pytest.mark.parametrize("register", REGISTERS)
def test_a_named_skill_is_there_in_one_of_its_spellings(register, rng):
    for niche in niches():
        text = a_post(niche, rng, register=register, named=core(niche))
        assert all(mentions(text, skill.spellings) for skill in core(niche)), text


@pytest.mark.parametrize("register", REGISTERS)
def test_a_hinted_skill_is_there_by_its_clue_and_not_by_name(register, rng):
    for niche in niches():
        for skill in core(niche):
            text = a_post(niche, rng, register=register, hinted=[skill])
            assert skill.clue in text
            assert not mentions(text.replace(skill.clue, ""), skill.spellings), text


@pytest.mark.parametrize("register", REGISTERS)
def test_an_overview_without_hints_does_not_tell_the_niche(register, rng):
    names = [niche.name for niche in niches()]
    told = {expand(pattern, rng) for niche in niches() for pattern in (*niche.titles, *niche.hints)}
    for niche in niches():
        text = an_overview(niche, rng, register=register)
        assert not mentions(text, names), text
        assert not mentions(text, [words.rstrip(".") for words in told]), text


@pytest.mark.parametrize("register", REGISTERS)
def test_an_overview_owns_up_to_every_hint_it_is_given(register, rng):
    for niche in niches():
        hint = expand(niche.hints[0], rng)
        text = an_overview(niche, rng, register=register, hints=[hint])
        assert hint.rstrip(".") in text


def test_titles_name_the_task_mostly_a_skill_at_times_and_nothing_seldom(rng):
    niche = niches()[0]
    skill = core(niche)[0]
    titles = [
        post_title(niche, named=[skill], register=register, rng=rng)
        for register in REGISTERS
        for _ in range(1_000)
    ]
    naming = np.mean([mentions(title, skill.spellings) for title in titles])
    assert 0.25 < naming < 0.4
    assert np.mean([mentions(title, ["job", "needed", "wanted"]) for title in titles]) > 0.02


def test_a_skill_is_mostly_written_by_its_name_and_at_times_otherwise(rng):
    skill = next(skill for skill in skills().values() if len(skill.spellings) > 1)
    written = [spelling(skill, rng) for _ in range(1_000)]
    assert written.count(skill.name) > 500
    assert set(written) == set(skill.spellings)


@pytest.mark.parametrize("register", REGISTERS)
def test_the_same_seed_gives_the_same_texts(register):
    first, second = (every_text(register, np.random.default_rng(8)) for _ in range(2))
    assert first == second
    assert first != every_text(register, np.random.default_rng(9))


@pytest.mark.parametrize("letters", ["☺", "¡Hola!", "Добрий день!", "★★★", "naïve"])
def test_texts_are_not_all_plain_ascii(letters, rng):
    texts = chain.from_iterable(every_text(register, rng) for register in REGISTERS)
    assert any(letters in text for text in texts)


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.5, 1.0])
def test_typos_change_about_that_share_of_the_words(rate, rng):
    assert changed(PLAIN, with_typos(PLAIN, rng, rate=rate)) == pytest.approx(rate, abs=0.05)


def test_without_a_rate_nothing_changes(rng):
    assert with_typos(PLAIN, rng, rate=0.0) == PLAIN


@pytest.mark.parametrize("whole", ["", "Go", "K8s H264", "PostgreSQL", "日本語 ★★★", "a to be"])
def test_short_words_digits_and_capitals_inside_stay_whole(whole, rng):
    assert with_typos(f"i {whole}", rng, rate=1.0) == f"i {whole}"
    assert with_typos("", rng, rate=1.0) == ""


def test_a_slip_spares_the_first_letter_and_adds_or_drops_one_at_most(rng):
    for before, after in zip(PLAIN.split(), with_typos(PLAIN, rng, rate=1.0).split(), strict=True):
        assert before[0] == after[0]
        assert abs(len(before) - len(after)) <= 1


def test_some_sentences_begin_with_a_small_letter(rng):
    text = "We bake. You help! They eat. " * 100
    lowered = re.findall(r"\b(?:we|you|they)\b", with_typos(text, rng, rate=0.2))
    assert 0.1 < len(lowered) / 300 < 0.3


@pytest.mark.parametrize("slips", [None, 0.3], ids=["as written", "with typos"])
def test_letters_of_any_script_survive(slips: float | None, rng):
    finish: Callable[[str], str] = (
        (lambda text: text) if slips is None else lambda text: with_typos(text, rng, rate=slips)
    )
    for register in REGISTERS:
        text = finish(an_overview(niches()[0], rng, register=register, hints=["Ōsaka, Đà, 日本語"]))
        assert "日本語" in text
        assert text.encode("utf-8").decode("utf-8") == text


def test_the_same_seed_makes_the_same_slips():
    first, second = (with_typos(PLAIN, np.random.default_rng(3), rate=0.2) for _ in range(2))
    assert first == second != with_typos(PLAIN, np.random.default_rng(4), rate=0.2)
