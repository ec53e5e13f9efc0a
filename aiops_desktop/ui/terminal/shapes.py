"""Box drawing, blocks, braille and Powerline characters as shapes, so that cells join exactly."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

#: The arms of U+2500 to 257F as left, right, up, down: 0 none, 1 light, 2 heavy, 3 double.
_ARMS: dict[int, tuple[int, int, int, int]] = {}


def _corner(first: int, right: int, down: int) -> None:
    """Four corners in Unicode's order: down light/heavy × right light/heavy."""
    left_side = right == -1
    up = down == -1
    for at, (side, upright) in enumerate(((1, 1), (2, 1), (1, 2), (2, 2))):
        _ARMS[first + at] = (
            side if left_side else 0,
            0 if left_side else side,
            upright if up else 0,
            0 if up else upright,
        )


def _fill_arms() -> None:
    _ARMS.update({0x2500: (1, 1, 0, 0), 0x2501: (2, 2, 0, 0)})
    _ARMS.update({0x2502: (0, 0, 1, 1), 0x2503: (0, 0, 2, 2)})
    for first, right, down in ((0x250C, 1, 1), (0x2510, -1, 1), (0x2514, 1, -1), (0x2518, -1, -1)):
        _corner(first, right, down)
    tees = "0111 0211 0121 0112 0122 0221 0212 0222"
    for at, arms in enumerate(tees.split()):
        _, side, up, down = map(int, arms)
        _ARMS[0x251C + at] = (0, side, up, down)
        _ARMS[0x2524 + at] = (side, 0, up, down)
    tees = "111 211 121 221 112 212 122 222"
    for at, arms in enumerate(tees.split()):
        left, right, upright = map(int, arms)
        _ARMS[0x252C + at] = (left, right, 0, upright)
        _ARMS[0x2534 + at] = (left, right, upright, 0)
    crosses = "1111 2111 1211 2211 1121 1112 1122 2121 1221 2112 1212 2221 2212 2122 1222 2222"
    for at, arms in enumerate(crosses.split()):
        left, right, up, down = map(int, arms)
        _ARMS[0x253C + at] = (left, right, up, down)
    doubles = (
        "3300 0033 0301 0103 0303 3001 1003 3003 0310 0130 0330 3010 1030 3030 "
        "0311 0133 0333 3011 1033 3033 3301 1103 3303 3310 1130 3330 3311 1133 3333"
    )
    for at, arms in enumerate(doubles.split()):
        left, right, up, down = map(int, arms)
        _ARMS[0x2550 + at] = (left, right, up, down)
    _ARMS.update({0x2574: (1, 0, 0, 0), 0x2575: (0, 0, 1, 0), 0x2576: (0, 1, 0, 0)})
    _ARMS.update({0x2577: (0, 0, 0, 1), 0x2578: (2, 0, 0, 0), 0x2579: (0, 0, 2, 0)})
    _ARMS.update({0x257A: (0, 2, 0, 0), 0x257B: (0, 0, 0, 2), 0x257C: (1, 2, 0, 0)})
    _ARMS.update({0x257D: (0, 0, 1, 2), 0x257E: (2, 1, 0, 0), 0x257F: (0, 0, 2, 1)})


_fill_arms()

#: Dashed lines: code → (dashes, heavy, upright).
_DASHED = {
    0x2504: (3, 0, 0), 0x2505: (3, 1, 0), 0x2506: (3, 0, 1), 0x2507: (3, 1, 1),
    0x2508: (4, 0, 0), 0x2509: (4, 1, 0), 0x250A: (4, 0, 1), 0x250B: (4, 1, 1),
    0x254C: (2, 0, 0), 0x254D: (2, 1, 0), 0x254E: (2, 0, 1), 0x254F: (2, 1, 1),
}  # fmt: skip
#: Blocks in eighths of the cell: left, top, right, bottom.
_BLOCKS: dict[int, tuple[int, int, int, int]] = {0x2580: (0, 0, 8, 4), 0x2590: (4, 0, 8, 8)}
_BLOCKS |= {0x2581 + at: (0, 7 - at, 8, 8) for at in range(8)}
_BLOCKS |= {0x2589 + at: (0, 0, 7 - at, 8) for at in range(7)}
_BLOCKS |= {0x2594: (0, 0, 8, 1), 0x2595: (7, 0, 8, 8)}
#: Quadrants: upper left 1, upper right 2, lower left 4, lower right 8.
_QUADRANTS = dict(zip(range(0x2596, 0x25A0), (4, 8, 1, 13, 9, 7, 11, 2, 6, 14), strict=True))
_SHADES = {0x2591: 0.25, 0x2592: 0.5, 0x2593: 0.75}
#: Dots of braille in the order of its bits: column, row.
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))


def is_shape(char: str) -> bool:
    """Whether `draw` paints this character."""
    if len(char) != 1:
        return False
    code = ord(char)
    return 0x2500 <= code <= 0x259F or 0x2800 <= code <= 0x28FF or 0xE0B0 <= code <= 0xE0B3


def draw(painter: QPainter, cell: QRect, char: str, colour: QColor, line: int) -> None:
    """Paint a character of `is_shape` into its cell; `line` is the thickness of a light line."""
    code = ord(char)
    if code in _BLOCKS:
        painter.fillRect(_eighths(cell, *_BLOCKS[code]), colour)
    elif code in _SHADES:
        shade = QColor(colour)
        shade.setAlphaF(_SHADES[code])
        painter.fillRect(cell, shade)
    elif code in _QUADRANTS:
        for bit, box in enumerate(((0, 0, 4, 4), (4, 0, 8, 4), (0, 4, 4, 8), (4, 4, 8, 8))):
            if _QUADRANTS[code] >> bit & 1:
                painter.fillRect(_eighths(cell, *box), colour)
    elif code >= 0xE0B0:
        _arrow(painter, cell, code, colour, line)
    elif code >= 0x2800:
        _braille(painter, cell, code - 0x2800, colour)
    elif code in _DASHED:
        _dashes(painter, cell, code, colour, line)
    elif code in _ARMS:
        _box(painter, cell, _ARMS[code], colour, line)
    else:
        _curve(painter, cell, code, colour, line)


def _eighths(cell: QRect, left: int, top: int, right: int, bottom: int) -> QRect:
    x0, x1 = (cell.left() + round(cell.width() * part / 8) for part in (left, right))
    y0, y1 = (cell.top() + round(cell.height() * part / 8) for part in (top, bottom))
    return QRect(x0, y0, max(1, x1 - x0), max(1, y1 - y0))


def _middle(cell: QRect, thick: int) -> tuple[int, int]:
    """Left and top of lines of this thickness through the middle."""
    return (
        cell.left() + (cell.width() - thick) // 2,
        cell.top() + (cell.height() - thick) // 2,
    )


def _box(
    painter: QPainter, cell: QRect, arms: tuple[int, int, int, int], colour: QColor, line: int
) -> None:
    left, right, up, down = arms
    for kind, horizontal, before in (
        (left, True, True),
        (right, True, False),
        (up, False, True),
        (down, False, False),
    ):
        if kind == 3:
            across = max(up, down) if horizontal else max(left, right)
            for offset in (-line, line):
                _arm(painter, cell, colour, line, horizontal, before, offset, across)
        elif kind:
            other = max(up, down) if horizontal else max(left, right)
            _arm(painter, cell, colour, line * kind, horizontal, before, 0, other)


def _arm(
    painter: QPainter,
    cell: QRect,
    colour: QColor,
    thick: int,
    horizontal: bool,
    before: bool,
    offset: int,
    across: int,
) -> None:
    """One arm from the edge to just past the middle; `across` is the kind of what crosses it."""
    x, y = _middle(cell, thick)
    reach = thick if across < 3 else thick + 2 * abs(offset or thick)
    overlap = (reach + 1) // 2
    if horizontal:
        centre = cell.left() + cell.width() // 2
        start = cell.left() if before else centre - overlap
        end = centre + overlap if before else cell.left() + cell.width()
        painter.fillRect(QRect(start, y + offset, end - start, thick), colour)
    else:
        centre = cell.top() + cell.height() // 2
        start = cell.top() if before else centre - overlap
        end = centre + overlap if before else cell.top() + cell.height()
        painter.fillRect(QRect(x + offset, start, thick, end - start), colour)


def _dashes(painter: QPainter, cell: QRect, code: int, colour: QColor, line: int) -> None:
    count, heavy, upright = _DASHED[code]
    thick = line * (1 + heavy)
    x, y = _middle(cell, thick)
    length = cell.height() if upright else cell.width()
    for at in range(count):
        start, end = round(length * at / count), round(length * (at + 0.6) / count)
        if upright:
            painter.fillRect(QRect(x, cell.top() + start, thick, max(1, end - start)), colour)
        else:
            painter.fillRect(QRect(cell.left() + start, y, max(1, end - start), thick), colour)


def _curve(painter: QPainter, cell: QRect, code: int, colour: QColor, line: int) -> None:
    """Rounded corners (256D to 2570) and diagonals (2571 to 2573)."""
    box = QRectF(cell)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(cell)
    painter.setPen(QPen(colour, line, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    if code >= 0x2571:
        if code != 0x2572:
            painter.drawLine(box.topRight(), box.bottomLeft())
        if code != 0x2571:
            painter.drawLine(box.topLeft(), box.bottomRight())
        painter.restore()
        return
    x, y = _middle(cell, line)
    middle = QPointF(x + line / 2, y + line / 2)
    right, down = code in (0x256D, 0x2570), code in (0x256D, 0x256E)
    side = QPointF(box.right() if right else box.left(), middle.y())
    end = QPointF(middle.x(), box.bottom() if down else box.top())
    radius = min(box.width(), box.height()) / 2
    path = QPainterPath(side)
    path.lineTo(QPointF(middle.x() + (radius if right else -radius), middle.y()))
    path.quadTo(middle, QPointF(middle.x(), middle.y() + (radius if down else -radius)))
    path.lineTo(end)
    painter.drawPath(path)
    painter.restore()


def _braille(painter: QPainter, cell: QRect, bits: int, colour: QColor) -> None:
    size = max(1, min(cell.width() // 4, cell.height() // 8) + cell.width() // 16)
    for bit, (column, row) in enumerate(_DOTS):
        if bits >> bit & 1:
            x = cell.left() + round(cell.width() * (1 + 2 * column) / 4 - size / 2)
            y = cell.top() + round(cell.height() * (1 + 2 * row) / 8 - size / 2)
            painter.fillRect(QRect(x, y, size, size), colour)


def _arrow(painter: QPainter, cell: QRect, code: int, colour: QColor, line: int) -> None:
    """Powerline's separators: filled (E0B0, E0B2) and outlined (E0B1, E0B3)."""
    box = QRectF(cell)
    tip, base = (box.right(), box.left()) if code < 0xE0B2 else (box.left(), box.right())
    points = [QPointF(base, box.top()), QPointF(tip, box.center().y()), QPointF(base, box.bottom())]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if code in (0xE0B0, 0xE0B2):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPolygon(QPolygonF(points))
    else:
        painter.setPen(QPen(colour, line))
        painter.drawPolyline(QPolygonF(points))
    painter.restore()
