"""Box drawing, U+2500 to 257F: arms from the middle of the cell to its sides."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

from aiops_desktop.ui.terminal.cellshape import CellBox, Shape, line_through, words_of

_WEIGHTS = {"LIGHT": 1, "SINGLE": 1, "HEAVY": 2, "DOUBLE": 3}
_DOUBLE = 3
_SIDES = {
    "LEFT": ("left",),
    "RIGHT": ("right",),
    "UP": ("up",),
    "DOWN": ("down",),
    "HORIZONTAL": ("left", "right"),
    "VERTICAL": ("up", "down"),
}
_DASHES = {"DOUBLE": 2, "TRIPLE": 3, "QUADRUPLE": 4}


@dataclass(frozen=True, slots=True)
class Arms:
    """The weight of each arm: 0 none, 1 light, 2 heavy, 3 double."""

    left: int = 0
    right: int = 0
    up: int = 0
    down: int = 0

    @property
    def turned(self) -> Arms:
        """With columns and rows exchanged."""
        return Arms(self.up, self.down, self.left, self.right)


@cache
def arms_of(code: int) -> Arms:
    """What a character's name says, such as "DOWN LIGHT AND RIGHT UP HEAVY"."""
    parts = " ".join(words_of(code)[2:]).split(" AND ")
    said = [word for part in parts for word in part.split() if word in _WEIGHTS]
    weights: dict[str, int] = {}
    for part in parts:
        words = part.split()
        own = next((word for word in words if word in _WEIGHTS), said[0])
        for word in words:
            for side in _SIDES.get(word, ()):
                weights[side] = _WEIGHTS[own]
    return Arms(**weights)


def box_drawing(code: int, box: CellBox) -> Shape:
    """A character from U+2500 to 257F."""
    words = words_of(code)
    if "DASH" in words:
        return Shape(_dashes(words, box))
    if "DIAGONAL" in words:
        return Shape(path=_diagonals(code, box), pen=float(box.line))
    if "ARC" in words:
        return Shape(path=_arc(words, box), pen=float(box.line))
    arms = arms_of(code)
    flat = _horizontal(arms, box.width, box.height, box.line)
    turned = _horizontal(arms.turned, box.height, box.width, box.line)
    rects = {*flat, *((y, x, height, width) for x, y, width, height in turned)}
    return Shape(_joined(sorted(rects)))


def _joined(
    rects: list[tuple[int, int, int, int]],
) -> tuple[tuple[int, int, int, int], ...]:
    """Two arms that meet as one rectangle, so that a line is one."""
    made: list[tuple[int, int, int, int]] = []
    for x, y, width, height in rects:
        for at, (x2, y2, width2, height2) in enumerate(made):
            if (y, height) == (y2, height2) and x2 <= x <= x2 + width2:
                made[at] = (x2, y, max(x2 + width2, x + width) - x2, height)
                break
            if (x, width) == (x2, width2) and y2 <= y <= y2 + height2:
                made[at] = (x, y2, width, max(y2 + height2, y + height) - y2)
                break
        else:
            made.append((x, y, width, height))
    return tuple(made)


def _thick(weight: int, line: int) -> int:
    return 2 * line if weight == 2 else line


def _stroke(weight: int, size: int, line: int) -> tuple[int, int]:
    """Where a line through the middle of `size` pixels begins and ends; of a double one, all."""
    if weight == _DOUBLE:
        begin = (size - line) // 2 - line
        return begin, begin + 3 * line
    begin = (size - _thick(weight, line)) // 2
    return begin, begin + _thick(weight, line)


def _horizontal(arms: Arms, width: int, height: int, line: int) -> list[tuple[int, int, int, int]]:
    """The left and right arms as rectangles."""
    made = []
    for weight, left in ((arms.left, True), (arms.right, False)):
        if not weight:
            continue
        if weight != _DOUBLE:
            top, bottom = _stroke(weight, height, line)
            end = _single_end(arms, width, line, weight, left=left)
            made.append(_arm(left, end, width, top, bottom))
            continue
        outer, last = _stroke(_DOUBLE, height, line)
        for rail, near, far in ((outer, arms.up, arms.down), (last - line, arms.down, arms.up)):
            end = _rail_end(near, far, width, line, left=left)
            made.append(_arm(left, end, width, rail, rail + line))
    return made


def _arm(left: bool, end: int, width: int, top: int, bottom: int) -> tuple[int, int, int, int]:
    return (0, top, end, bottom - top) if left else (end, top, width - end, bottom - top)


def _single_end(arms: Arms, width: int, line: int, weight: int, *, left: bool) -> int:
    """How far a light or heavy arm reaches: over the lines it meets, but not between two rails."""
    other = arms.right if left else arms.left
    first, last = _stroke(max(arms.up, arms.down) or weight, width, line)
    if max(arms.up, arms.down) == _DOUBLE:
        if other:
            return width if left else 0
        if arms.up and arms.down:
            return first + line if left else last - line
    return last if left else first


def _rail_end(near: int, far: int, width: int, line: int, *, left: bool) -> int:
    """How far one rail of a double arm reaches; `near` is the arm on the rail's own side."""
    first, last = _stroke(_DOUBLE, width, line)
    if near == _DOUBLE:
        return first + line if left else last - line
    if near == 0 and far == _DOUBLE:
        return last if left else first
    begin, end = _stroke(near or far or 1, width, line)
    return end if left else begin


def _dashes(words: list[str], box: CellBox) -> tuple[tuple[int, int, int, int], ...]:
    """Equal dashes with equal gaps, half a gap at each side, so that a row of them is even."""
    count = _DASHES[words[words.index("DASH") - 1]]
    upright = "VERTICAL" in words
    length, across = (box.height, box.width) if upright else (box.width, box.height)
    begin, end = _stroke(_WEIGHTS[words[2]], across, box.line)
    gap = max(1, round(length / count * 0.35))
    made = []
    for at in range(count):
        first = round(length * at / count) + gap // 2
        last = round(length * (at + 1) / count) - (gap - gap // 2)
        size = max(1, last - first)
        thick = end - begin
        made.append((begin, first, thick, size) if upright else (first, begin, size, thick))
    return tuple(made)


def _diagonals(code: int, box: CellBox) -> QPainterPath:
    path = QPainterPath()
    w, h = float(box.width), float(box.height)
    # A little beyond the corners, so that the next cell's line joins; the cell clips it.
    over = box.line / 2
    if code != 0x2572:
        path.addPath(line_through((w + over, -over * h / w), (-over, h + over * h / w)))
    if code != 0x2571:
        path.addPath(line_through((-over, -over * h / w), (w + over, h + over * h / w)))
    return path


def _arc(words: list[str], box: CellBox) -> QPainterPath:
    """A rounded corner that meets straight lines exactly."""
    x, y = (edge + box.line / 2 for edge in box.middle)
    right, down = "RIGHT" in words, "DOWN" in words
    side, end = (box.width if right else 0), (box.height if down else 0)
    radius = min(abs(side - x), abs(end - y))
    across, along = (radius if right else -radius), (radius if down else -radius)
    path = QPainterPath(QPointF(side, y))
    path.lineTo(x + across, y)
    # A quarter of a circle as one cubic curve.
    bend = 0.4477
    path.cubicTo(x + across * bend, y, x, y + along * bend, x, y + along)
    path.lineTo(x, end)
    return path
