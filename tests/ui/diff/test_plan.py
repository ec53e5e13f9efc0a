"""Where the rows of a diff stand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aiops_desktop.ui.views.diff.plan import HEAD, LINE, Plan

SIZES = st.lists(st.integers(1, 12), min_size=1, max_size=8)


@given(SIZES, st.dictionaries(st.tuples(st.integers(0, 7), st.integers(0, 11)), st.integers(1, 90)))
def test_rows_follow_each_other_without_gap(
    sizes: list[int], wanted: dict[tuple[int, int], int]
) -> None:
    extras = {at: h for at, h in wanted.items() if at[0] < len(sizes) and at[1] < sizes[at[0]]}
    plan = Plan(sizes, extras)
    end = 0
    seen = []
    for spot in plan.between(0, plan.height):
        assert spot.top == end
        end += spot.height
        assert plan.at(spot.top) == (spot.hunk, spot.line)
        assert plan.at(spot.top + spot.height - 1) == (spot.hunk, spot.line)
        if not spot.extra:
            assert plan.top(spot.hunk, spot.line) == spot.top
            seen.append((spot.hunk, spot.line))
    assert end == plan.height
    assert seen == [(h, n) for h, size in enumerate(sizes) for n in range(-1, size)]


@given(SIZES, st.integers(0, 2000), st.integers(1, 400))
def test_a_window_shows_every_row_that_touches_it_and_no_other(
    sizes: list[int], low: int, height: int
) -> None:
    plan = Plan(sizes)
    every = list(plan.between(0, plan.height))
    wanted = [s for s in every if s.top < low + height and s.top + s.height > low]
    assert list(plan.between(low, low + height)) == wanted


def test_nothing_is_anywhere_in_an_empty_diff() -> None:
    plan = Plan(())
    assert plan.height == 0
    assert plan.at(0) is None
    assert list(plan.between(0, 100)) == []


def test_heights_are_those_of_the_pictures() -> None:
    assert Plan((3,)).height == HEAD + 3 * LINE == 28 + 54
