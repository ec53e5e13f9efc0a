"""What is remembered of tabs and splits survives the way to disk, and nonsense on it."""

from __future__ import annotations

import json

import pytest

from aiops_desktop.domain.layout import Layout
from aiops_desktop.ui.views.terminal.shape import (
    DeckShape,
    Everything,
    Fork,
    Leaf,
    TabShape,
    WindowShape,
    from_text,
    leaves,
    load,
    save,
    to_text,
)

ONE, TWO = Leaf(1, 2, "acme-shell", "@3", "shell", "acme-shell"), Leaf(1, 2, "acme-shell", "@4")
THREE = Leaf(1, 0, "mine", "@9", "", "mine")
WHOLE = Everything(
    {
        2: DeckShape(
            (
                TabShape("logs", Fork(False, (ONE, Fork(True, (TWO, ONE), (30, 70))), (500, 300))),
                TabShape("ü", TWO),
            ),
            1,
        ),
        3: DeckShape(),
    },
    (WindowShape(DeckShape((TabShape("mine", THREE),)), "AdnQywAD"),),
)


def test_what_is_saved_is_loaded(layout: Layout) -> None:
    assert load(layout) == Everything({})
    save(layout, WHOLE)
    assert load(layout) == WHOLE


def test_terminals_are_listed_as_they_stand() -> None:
    assert leaves(WHOLE.decks[2].tabs[0].root) == [ONE, TWO, ONE]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"decks": [], "windows": {}}',
        '{"decks": {"x": 1, "4": null, "5": {"tabs": 7}}, "windows": [1, null]}',
        '{"decks": {"-1": {}, "²": {}}}',
        '{"decks": ' * 3000,
    ],
)
def test_nonsense_is_left_out(text: str) -> None:
    found = from_text(text)
    assert not any(deck.tabs for deck in found.decks.values())
    assert found.windows == ()


def test_broken_parts_leave_the_others_standing() -> None:
    told = json.loads(to_text(WHOLE))
    tab = told["decks"]["2"]["tabs"][0]
    tab["root"]["sizes"] = ["wide", 3]
    tab["root"]["parts"][1]["parts"][0] = {"tenant": True}
    told["decks"]["2"]["shown"] = 77
    deck = from_text(json.dumps(told)).decks[2]
    assert deck.shown == 0
    assert deck.tabs[0].root == Fork(False, (ONE, ONE)), "a fork with one part left is that part"


def test_nothing_is_built_deeper_than_a_person_would() -> None:
    root: dict[str, object] = {"tenant": 1, "window": "@1"}
    for _ in range(40):
        root = {"upright": True, "parts": [root, {"tenant": 1, "window": "@2"}]}
    deck = from_text(json.dumps({"decks": {"1": {"tabs": [{"name": "x", "root": root}]}}})).decks[1]
    assert len(leaves(deck.tabs[0].root)) < 16
