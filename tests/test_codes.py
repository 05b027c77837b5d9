from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.codes import Codes, skill_name

names = st.lists(st.text(max_size=3), max_size=8)


@pytest.mark.parametrize(
    "written", ["React Native", " react  native ", "REACT\tnative", "\uff32eact native"]
)
def test_skills_are_compared_without_case_width_and_spacing(written):
    assert skill_name(written) == "react native"


@given(st.text(st.characters(exclude_categories=["C", "M"])))
def test_normalising_a_skill_again_changes_nothing(name):
    assert skill_name(skill_name(name)) == skill_name(name)


@given(names)
def test_every_name_has_a_number_of_its_own(given_names):
    codes = Codes.of(given_names)
    assert sorted(codes.code(name) for name in set(given_names)) == list(range(len(codes)))
    assert [codes.names[code] for code in codes.column(given_names)] == given_names


@given(names, names)
def test_names_that_nobody_has_never_collide(known, wanted):
    codes = Codes.of(known)
    numbers = codes.wanted(wanted)
    assert len(set(numbers)) == len(numbers) == len(set(wanted))
    held = {codes.names[number] for number in numbers if number < len(codes)}
    assert held == set(known) & set(wanted)


def test_an_unknown_name_has_no_number():
    codes = Codes.of(["b", "a"])
    assert codes.column(["a", None, "c", "b"]).tolist() == [0, -1, -1, 1]
    assert codes.column([]).dtype == np.int64
