"""What several dialogs do so that all of them fits: rows of a table, numbers in a field."""

from __future__ import annotations

from PySide6.QtWidgets import QSpinBox, QWidget

#: Pixels a dialog leaves above and below itself on the screen.
_ROOM = 48


def spin(least: int, most: int) -> QSpinBox:
    """A field for a whole number, with the room left of it that other fields have."""
    made = QSpinBox()
    made.setRange(least, most)
    made.lineEdit().setTextMargins(8, 0, 0, 0)
    return made


def rows_that_fit(dialog: QWidget, row: int, wanted: int, *, other: int, least: int = 2) -> int:
    """How many rows a table may show before it scrolls.

    Args:
        dialog: stands on the screen that counts.
        row: pixels of one.
        wanted: how many there are at most.
        other: pixels that all the rest of the dialog takes.
        least: so many are shown on the smallest screen.
    """
    room = dialog.screen().availableGeometry().height() - _ROOM - other
    return max(1, min(wanted, max(least, room // row)))
