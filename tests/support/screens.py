"""Helpers for tests of the terminal: feed text, read the screen."""

from __future__ import annotations

from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.terminal.rows import Row, line_row


def shown(data: bytes | str, columns: int = 20, rows: int = 5, history: int = 100) -> Emulator:
    """An emulator that was fed this."""
    emulator = Emulator(columns, rows, history)
    emulator.feed(data.encode() if isinstance(data, str) else data)
    return emulator


def text(emulator: Emulator) -> list[str]:
    """The rows without the empty ones at the end."""
    rows = emulator.text_rows()
    while rows and not rows[-1]:
        rows.pop()
    return rows


def state(emulator: Emulator) -> tuple[object, ...]:
    """Everything one can see of an emulator, to compare two."""
    return (
        [_row(row) for row in emulator.grid],
        [_row(line_row(line)) for line in emulator.history.lines],
        emulator.cursor,
        emulator.modes,
        emulator.title,
        emulator.icon_name,
        emulator.working_directory,
        emulator.bells,
        dict(emulator.colours),
    )


def _row(row: Row) -> tuple[object, ...]:
    return (tuple(row.chars), tuple(map(id, row.styles)), row.wrap)


def check_sound(emulator: Emulator) -> None:
    """The invariants that every grid keeps."""
    assert len(emulator.grid) == emulator.rows
    for row in emulator.grid:
        assert len(row.chars) == len(row.styles) <= emulator.columns
        for at, char in enumerate(row.chars):
            if char == "":
                assert at > 0, row.chars
                assert row.chars[at - 1] != "", row.chars
    cursor = emulator.cursor
    assert 0 <= cursor.row < emulator.rows
    assert 0 <= cursor.column < emulator.columns
