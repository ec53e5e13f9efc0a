"""Block elements, shades, braille and the sextants and eighths of legacy computers."""

from __future__ import annotations

from itertools import pairwise

from aiops_desktop.ui.terminal.cellshape import CellBox, Shape, words_of

#: Parts of a block in eighths, by the words of Unicode's names.
_NUMBERS = {"ONE": 1, "THREE": 3, "FIVE": 5, "SEVEN": 7}
_UNITS = {"HALF": 4, "QUARTER": 2, "QUARTERS": 2, "EIGHTH": 1, "EIGHTHS": 1}
_SHADES = {"LIGHT": 0.25, "MEDIUM": 0.5, "DARK": 0.75}
#: Dots of braille in the order of its bits: column, row (Unicode, chapter 21.1).
_DOTS = ((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3))

_Rect = tuple[int, int, int, int]


def block(code: int, box: CellBox) -> Shape:
    """U+2580 to 259F and 1FB70 to 1FB8B."""
    words = words_of(code)
    whole = (0, 0, box.width, box.height)
    if "SHADE" in words:
        return Shape((whole,), opacity=_SHADES[words[0]])
    if words[0] == "FULL":
        return Shape((whole,))
    if words[0] == "QUADRANT":
        return Shape(_quadrants(words, box))
    if words[-1].isdigit():
        strips = [(int(digit) - 1, int(digit)) for digit in words[-1]]
        upright = words[0] == "VERTICAL"
        return Shape(tuple(_strip(box, *strip, upright=upright) for strip in strips))
    unit = next(word for word in words if word in _UNITS)
    count = _NUMBERS.get(words[words.index(unit) - 1], 1) * _UNITS[unit]
    made = []
    for word in words:
        if word in ("LEFT", "RIGHT", "UPPER", "LOWER"):
            first, last = (0, count) if word in ("LEFT", "UPPER") else (8 - count, 8)
            made.append(_strip(box, first, last, upright=word in ("LEFT", "RIGHT")))
    return Shape(tuple(made))


def _strip(box: CellBox, first: int, last: int, *, upright: bool) -> _Rect:
    """A strip over the whole cell from one eighth to another; never thinner than a pixel."""
    size = box.width if upright else box.height
    begin, end = round(size * first / 8), round(size * last / 8)
    if begin == end:
        begin, end = (begin - 1, end) if end == size else (begin, end + 1)
    return (begin, 0, end - begin, box.height) if upright else (0, begin, box.width, end - begin)


def _quadrants(words: list[str], box: CellBox) -> tuple[_Rect, ...]:
    middle, half = round(box.width / 2), round(box.height / 2)
    made = []
    for up, side in pairwise(words):
        if up in ("UPPER", "LOWER"):
            x, width = (0, middle) if side == "LEFT" else (middle, box.width - middle)
            y, height = (0, half) if up == "UPPER" else (half, box.height - half)
            made.append((x, y, width, height))
    return tuple(made)


def sextant(code: int, box: CellBox) -> Shape:
    """U+1FB00 to 1FB3B: two columns and three rows, "BLOCK SEXTANT-135" names the filled ones."""
    middle = round(box.width / 2)
    rows = [round(box.height * part / 3) for part in range(4)]
    made = []
    for digit in words_of(code)[-1]:
        row, column = divmod(int(digit) - 1, 2)
        x, width = (middle, box.width - middle) if column else (0, middle)
        made.append((x, rows[row], width, rows[row + 1] - rows[row]))
    return Shape(tuple(made))


def braille(code: int, box: CellBox) -> Shape:
    """U+2800 to 28FF."""
    across, down = box.width / 2, box.height / 4
    size = max(1, round(min(across, down) * 0.5))
    made = []
    for bit, (column, row) in enumerate(_DOTS):
        if code >> bit & 1:
            x, y = across * (column + 0.5) - size / 2, down * (row + 0.5) - size / 2
            made.append((round(x), round(y), size, size))
    return Shape(tuple(made))
