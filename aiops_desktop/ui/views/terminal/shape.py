"""What is remembered of tabs, splits and windows, as plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QSettings

from aiops_desktop.domain.layout import Layout

#: Bounds for what is read back: deeper or longer than this nobody builds by hand.
_DEEP, _MANY = 12, 64
_KEY = "terminals/layout"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A terminal: whose it is, and the tmux window it looks at.

    Attributes:
        project: its project's id; 0 for a window of the tenant that belongs to none.
        session, window: in the tenant's tmux server; "" when it was never attached.
        tool: what a new one of its kind starts, see `Sessions.open`.
        name: what its head says.
    """

    tenant: int
    project: int = 0
    session: str = ""
    window: str = ""
    tool: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Fork:
    """Panes beside each other, or below each other where `upright`; sizes in pixels."""

    upright: bool
    parts: tuple[Shape, ...]
    sizes: tuple[int, ...] = ()


Shape = Leaf | Fork


@dataclass(frozen=True, slots=True)
class TabShape:
    """A tab: its name and its panes."""

    name: str
    root: Shape


@dataclass(frozen=True, slots=True)
class DeckShape:
    """Tabs in their order, and which is in front."""

    tabs: tuple[TabShape, ...] = ()
    shown: int = 0


@dataclass(frozen=True, slots=True)
class WindowShape:
    """A window of its own; `place` is what `QWidget.saveGeometry` gave, in Base64."""

    deck: DeckShape
    place: str = ""


@dataclass(frozen=True, slots=True)
class Everything:
    """The tabs of every project by its id, and the windows."""

    decks: Mapping[int, DeckShape]
    windows: tuple[WindowShape, ...] = ()


def leaves(shape: Shape) -> list[Leaf]:
    """The terminals of a tab, left to right and top to bottom."""
    if isinstance(shape, Leaf):
        return [shape]
    return [leaf for part in shape.parts for leaf in leaves(part)]


def load(layout: Layout) -> Everything:
    """Read what was remembered; call it in a worker. What makes no sense is left out."""
    value = _store(layout).value(_KEY, "")
    return from_text(value if isinstance(value, str) else "")


def save(layout: Layout, everything: Everything) -> None:
    """Write it down; call it in a worker while the window is in use."""
    store = _store(layout)
    store.setValue(_KEY, to_text(everything))
    store.sync()


def _store(layout: Layout) -> QSettings:
    where = layout.window_state.with_name("terminals.ini")
    return QSettings(str(where), QSettings.Format.IniFormat)


def to_text(everything: Everything) -> str:
    """As JSON."""
    return json.dumps(
        {
            "decks": {str(number): _deck_out(deck) for number, deck in everything.decks.items()},
            "windows": [
                {"place": window.place, **_deck_out(window.deck)} for window in everything.windows
            ],
        },
        ensure_ascii=True,
    )


def from_text(text: str) -> Everything:
    """From JSON; a broken part is left out, never a reason to fail."""
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        found = {}
    if not isinstance(found, dict):
        found = {}
    decks = found.get("decks")
    windows = found.get("windows")
    made = {
        int(number): _deck_in(deck)
        for number, deck in (decks.items() if isinstance(decks, dict) else ())
        if number.isascii() and number.isdigit()
    }
    shown = [
        WindowShape(_deck_in(one), _text(one, "place"))
        for one in (windows if isinstance(windows, list) else [])[:_MANY]
    ]
    return Everything(made, tuple(window for window in shown if window.deck.tabs))


def _deck_out(deck: DeckShape) -> dict[str, Any]:
    tabs = [{"name": tab.name, "root": _shape_out(tab.root)} for tab in deck.tabs]
    return {"tabs": tabs, "shown": deck.shown}


def _shape_out(shape: Shape) -> dict[str, Any]:
    if isinstance(shape, Fork):
        parts = [_shape_out(part) for part in shape.parts]
        return {"upright": shape.upright, "sizes": list(shape.sizes), "parts": parts}
    told = {name: getattr(shape, name) for name in ("session", "window", "tool", "name")}
    return {"tenant": shape.tenant, "project": shape.project, **told}


def _deck_in(found: object) -> DeckShape:
    tabs = found.get("tabs") if isinstance(found, dict) else None
    made: list[TabShape] = []
    for tab in (tabs if isinstance(tabs, list) else [])[:_MANY]:
        root = _shape_in(tab.get("root") if isinstance(tab, dict) else None, _DEEP)
        if root is not None:
            made.append(TabShape(_text(tab, "name"), root))
    shown = _number(found, "shown")
    return DeckShape(tuple(made), shown if shown < len(made) else 0)


def _shape_in(found: object, deep: int) -> Shape | None:
    if not isinstance(found, dict) or not deep:
        return None
    parts = found.get("parts")
    if not isinstance(parts, list):
        tenant = _number(found, "tenant")
        texts = (_text(found, name) for name in ("session", "window", "tool", "name"))
        return Leaf(tenant, _number(found, "project"), *texts) if tenant else None
    made = [part for one in parts[:_MANY] if (part := _shape_in(one, deep - 1)) is not None]
    if len(made) < 2:
        return made[0] if made else None
    sizes = found.get("sizes")
    good = isinstance(sizes, list) and len(sizes) == len(made)
    numbers = tuple(
        size
        for size in (sizes if isinstance(sizes, list) and good else [])
        if isinstance(size, int) and 0 <= size < 100_000
    )
    whole = numbers if len(numbers) == len(made) else ()
    return Fork(bool(found.get("upright")), tuple(made), whole)


def _text(found: object, name: str) -> str:
    value = found.get(name) if isinstance(found, dict) else None
    return value[:4000] if isinstance(value, str) else ""


def _number(found: object, name: str) -> int:
    value = found.get(name) if isinstance(found, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0
