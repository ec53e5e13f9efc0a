"""How a cell looks: interned styles, so that equal looks are one object, compared with `is`."""

from __future__ import annotations

from collections.abc import Sequence

BOLD, FAINT, ITALIC, UNDERLINE, BLINK, REVERSE, HIDDEN, STRIKE = (1 << n for n in range(8))
DOUBLE, CURLY, DOTTED, DASHED, PROTECTED, OVERLINE = (1 << n for n in range(8, 14))
#: All underlines; one style has at most one of them.
UNDERLINES = UNDERLINE | DOUBLE | CURLY | DOTTED | DASHED
_UNDERLINE_KINDS = (0, UNDERLINE, DOUBLE, CURLY, DOTTED, DASHED)
#: Set in a colour that is red, green and blue (one byte each) and not a number of the palette.
RGB = 1 << 24

#: None: the default colour; 0 to 255: of the palette; else `RGB | red << 16 | green << 8 | blue`.
Colour = int | None
#: Parameters ("id=…") and address of an OSC 8 link.
Link = tuple[str, str]

_MOST_STYLES = 20_000
_MOST_STEPS = 2_048

_ON = {
    1: BOLD,
    2: FAINT,
    3: ITALIC,
    5: BLINK,
    6: BLINK,
    7: REVERSE,
    8: HIDDEN,
    9: STRIKE,
    53: OVERLINE,
}
_OFF = {
    22: BOLD | FAINT,
    23: ITALIC,
    24: UNDERLINES,
    25: BLINK,
    27: REVERSE,
    28: HIDDEN,
    29: STRIKE,
    55: OVERLINE,
}


class Style:
    """Colours and attributes of a cell; made only by `style`.

    Attributes:
        fg: foreground.
        bg: background.
        flags: BOLD, ITALIC and the other flags of this module, or-ed.
        underline_colour: None follows the foreground.
        link: an OSC 8 link.
        blank: the style that erasing with this one leaves (background colour erase).
        steps: the SGR sequence → the style it leads to; a cache that `after` fills.
    """

    __slots__ = ("bg", "blank", "fg", "flags", "link", "steps", "underline_colour")

    blank: Style

    def __init__(
        self, fg: Colour, bg: Colour, flags: int, underline_colour: Colour, link: Link | None
    ) -> None:
        self.fg = fg
        self.bg = bg
        self.flags = flags
        self.underline_colour = underline_colour
        self.link = link
        self.steps: dict[str, Style] = {}

    def __repr__(self) -> str:
        return f"Style({self.fg}, {self.bg}, {self.flags:b}, {self.underline_colour}, {self.link})"

    def after(self, sequence: str) -> Style:
        """The style after a whole `CSI … m` sequence; remembered."""
        if len(self.steps) > _MOST_STEPS:
            self.steps.clear()
        made = self.steps[sequence] = _applied(self, sequence[2:-1])
        return made

    def linked(self, link: Link | None) -> Style:
        """The same look with another link."""
        return style(self.fg, self.bg, self.flags, self.underline_colour, link)

    def protected(self, on: bool) -> Style:
        """The same look with DECSCA's protection set or not."""
        flags = self.flags | PROTECTED if on else self.flags & ~PROTECTED
        return style(self.fg, self.bg, flags, self.underline_colour, self.link)


_table: dict[tuple[Colour, Colour, int, Colour, Link | None], Style] = {}


def style(
    fg: Colour = None,
    bg: Colour = None,
    flags: int = 0,
    underline_colour: Colour = None,
    link: Link | None = None,
) -> Style:
    """The one object for this look."""
    key = (fg, bg, flags, underline_colour, link)
    found = _table.get(key)
    if found is not None:
        return found
    if len(_table) > _MOST_STYLES:
        _table.clear()
        _table[(None, None, 0, None, None)] = DEFAULT
    made = _table[key] = Style(*key)
    plain = fg is None and not flags and underline_colour is None and link is None
    made.blank = made if plain else style(None, bg)
    return made


DEFAULT = style()


def sgr(look: Style) -> str:
    """The parameters that lead from the default to this look, as DECRQSS answers them."""
    parts = ["0"]
    parts += [str(code) for code, flag in _ON.items() if look.flags & flag and code != 6]
    for kind, flag in enumerate(_UNDERLINE_KINDS):
        if look.flags & flag:
            parts.append("4" if kind == 1 else f"4:{kind}")
    for colour, base in ((look.fg, 30), (look.bg, 40), (look.underline_colour, 50)):
        if colour is None:
            continue
        if colour >= RGB:
            red, green, blue = colour >> 16 & 255, colour >> 8 & 255, colour & 255
            parts.append(f"{base + 8}:2::{red}:{green}:{blue}")
        elif colour > 15 or base == 50:
            parts.append(f"{base + 8}:5:{colour}")
        else:
            parts.append(str(base + colour + 52 * (colour > 7)))
    return ";".join(parts)


def _number(text: str) -> int:
    return min(int(text[-9:]), 16_383) if text else 0


def _applied(look: Style, body: str) -> Style:
    fg, bg, flags, under, link = look.fg, look.bg, look.flags, look.underline_colour, look.link
    parts = body.split(";")[:64]
    at = 0
    while at < len(parts):
        code_text, *subs = parts[at].split(":")
        code = _number(code_text)
        at += 1
        if code in (38, 48, 58):
            colour, used = _colour(subs, parts[at : at + 4])
            at += used
            if colour is None:
                continue
            if code == 38:
                fg = colour
            elif code == 48:
                bg = colour
            else:
                under = colour
        elif code == 0:
            fg = bg = under = None
            flags &= PROTECTED
        elif code == 4:
            kind = _number(subs[0]) if subs else 1
            flags = flags & ~UNDERLINES | _UNDERLINE_KINDS[kind if kind < 6 else 1]
        elif code == 21:
            flags = flags & ~UNDERLINES | DOUBLE
        elif code in _ON:
            flags |= _ON[code]
        elif code in _OFF:
            flags &= ~_OFF[code]
        elif code == 59:
            under = None
        elif 30 <= code <= 39 or 90 <= code <= 97:
            fg = _basic(code)
        elif 40 <= code <= 49 or 100 <= code <= 107:
            bg = _basic(code - 10)
    return style(fg, bg, flags, under, link)


def _basic(code: int) -> Colour:
    if code == 39:
        return None
    return code - 30 if code < 39 else code - 82


def _colour(subs: Sequence[str], rest: Sequence[str]) -> tuple[Colour, int]:
    """The colour behind 38, 48 or 58 (None: malformed) and how many parameters of `rest` it took.

    ISO 8613-6 writes `38:2:<space>:r:g:b`; `38:2:r:g:b` and xterm's `38;2;r;g;b` are as common.
    """
    values = [_number(part.partition(":")[0]) for part in rest]
    if subs:
        numbers = [_number(sub) for sub in subs]
        if numbers[0] == 5 and len(numbers) > 1:
            return _indexed(numbers[1]), 0
        if numbers[0] == 2 and len(numbers) > 3:
            return _rgb(numbers[2:5] if len(numbers) > 4 else numbers[1:4]), 0
        return None, 0
    if values and values[0] == 5:
        return (_indexed(values[1]), 2) if len(values) > 1 else (None, 1)
    if values and values[0] == 2:
        return (_rgb(values[1:4]), 4) if len(values) > 3 else (None, len(values))
    return None, 0


def _indexed(number: int) -> Colour:
    return number if number < 256 else None


def _rgb(parts: Sequence[int]) -> int:
    red, green, blue = (min(part, 255) for part in parts)
    return RGB | red << 16 | green << 8 | blue
