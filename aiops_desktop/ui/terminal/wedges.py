"""Slanted shapes: the wedges of legacy computers, and Powerline's separators."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainterPath

from aiops_desktop.ui.terminal.cellshape import CellBox, Point, Shape, line_through, words_of

#: Heights of the named places of a side, in parts of the cell.
_HEIGHTS = {"UPPER": 0.0, "UPPER MIDDLE": 1 / 3, "LOWER MIDDLE": 2 / 3, "LOWER": 1.0}
_SIDES = {"LEFT": 0.0, "CENTRE": 0.5, "RIGHT": 1.0}
_TRIANGLES: dict[str, tuple[Point, Point]] = {
    "LEFT": ((0, 0), (0, 1)),
    "UPPER": ((0, 0), (1, 0)),
    "RIGHT": ((1, 0), (1, 1)),
    "LOWER": ((0, 1), (1, 1)),
}


def wedge(code: int, box: CellBox) -> Shape:
    """U+1FB3C to 1FB6F: a corner cut off by a line, or quarters that meet in the middle."""
    words = words_of(code)
    if "TRIANGULAR" in words:
        path = QPainterPath()
        for name in words[: words.index("TRIANGULAR")]:
            if name in _TRIANGLES:
                first, last = _TRIANGLES[name]
                path = path.united(_filled(box, (first, last, (0.5, 0.5))))
        return Shape(path=path)
    to = words.index("TO")
    first = _place(words[words.index("DIAGONAL") + 1 : to])
    last = _place(words[to + 1 :])
    corner = _place(words[:2])
    return Shape(path=_filled(box, _corner_cut(corner, first, last)))


def _place(words: list[str]) -> Point:
    """A place on the rim, such as "UPPER MIDDLE LEFT"."""
    return _SIDES[words[-1]], _HEIGHTS[" ".join(words[:-1])]


def _corner_cut(corner: Point, first: Point, last: Point) -> tuple[Point, ...]:
    """The part of the unit square on the corner's side of a line."""

    def side(point: Point) -> float:
        along, across = last[0] - first[0], last[1] - first[1]
        return along * (point[1] - first[1]) - across * (point[0] - first[0])

    kept = side(corner)
    square: tuple[Point, ...] = ((0, 0), (1, 0), (1, 1), (0, 1))
    inside = [point for point in square if side(point) * kept > 1e-9]
    around = {first, last, *inside}
    x = sum(point[0] for point in around) / len(around)
    y = sum(point[1] for point in around) / len(around)
    return tuple(sorted(around, key=lambda point: _turn(point[0] - x, point[1] - y)))


def _turn(x: float, y: float) -> float:
    """Grows with the angle of a direction."""
    part = x / (abs(x) + abs(y))
    return 1 + part if y < 0 else 3 - part


def _filled(box: CellBox, points: tuple[Point, ...]) -> QPainterPath:
    path = line_through(*((x * box.width, y * box.height) for x, y in points))
    path.closeSubpath()
    return path


def powerline(code: int, box: CellBox) -> Shape:
    """U+E0B0 to E0BF in pairs of filled and outlined: arrows, half circles and slants."""
    outlined, left = bool(code & 1), bool(code & 2)
    w, h = float(box.width), float(box.height)
    if code < 0xE0B4:
        base, tip = (w, 0.0) if left else (0.0, w)
        path = line_through((base, 0), (tip, h / 2), (base, h))
    elif code < 0xE0B8:
        path = QPainterPath()
        oval = QRectF(0 if left else -w, 0, 2 * w, h)
        path.arcMoveTo(oval, 90)
        path.arcTo(oval, 90, 180 if left else -180)
    elif outlined:
        falls = code in (0xE0B9, 0xE0BF)
        path = line_through((0, 0 if falls else h), (w, h if falls else 0))
    else:
        corner = {0xE0B8: (0, 1), 0xE0BA: (1, 1), 0xE0BC: (0, 0), 0xE0BE: (1, 0)}[code]
        ends: tuple[Point, Point] = (
            ((0, 0), (1, 1)) if code in (0xE0B8, 0xE0BE) else ((0, 1), (1, 0))
        )
        path = _filled(box, _corner_cut(corner, *ends))
    return Shape(path=path, pen=float(box.line) if outlined else 0.0)
