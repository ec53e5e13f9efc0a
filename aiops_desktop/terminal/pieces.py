"""Cells cut out of a row and put into another, without leaving halves of wide characters."""

from __future__ import annotations

from typing import NamedTuple

from aiops_desktop.terminal.rows import Row
from aiops_desktop.terminal.styles import DEFAULT, Style


class Piece(NamedTuple):
    """Neighbouring cells; `wide` as in `Row`."""

    chars: list[str]
    styles: list[Style]
    wide: bool


def blanks(count: int, look: Style) -> Piece:
    """Empty cells of one look."""
    return Piece([" "] * count, [look] * count, False)


def cut_out(row: Row, left: int, right: int) -> Piece:
    """A copy of the cells [left, right), blanks where the row has none."""
    chars, styles = row.chars[left:right], row.styles[left:right]
    missing = right - left - len(chars)
    if missing > 0:
        chars += [" "] * missing
        styles += [DEFAULT] * missing
    if row.wide and chars:
        if chars[0] == "":
            chars[0] = " "
        if right < len(row.chars) and row.chars[right] == "":
            chars[-1] = " "
    return Piece(chars, styles, row.wide)


def put_in(row: Row, left: int, piece: Piece) -> None:
    """Overwrite the cells from `left` on."""
    right = left + len(piece.chars)
    row.pad(left)
    row.part(left, right)
    row.chars[left:right] = piece.chars
    row.styles[left:right] = piece.styles
    row.wide |= piece.wide
    row.wrap = False


def open_gap(row: Row, left: int, right: int, count: int, look: Style) -> None:
    """Shift the cells [left, right) to the right by `count`; those at the end are lost."""
    count = min(count, right - left)
    moved = cut_out(row, left, right - count)
    put_in(row, left, blanks(count, look))
    put_in(row, left + count, moved)


def close_gap(row: Row, left: int, right: int, count: int, look: Style) -> None:
    """Shift the cells [left + count, right) to the left by `count`; blanks follow them."""
    count = min(count, right - left)
    moved = cut_out(row, left + count, right)
    put_in(row, right - count, blanks(count, look))
    put_in(row, left, moved)
