"""The palette as programs change and ask for it: OSC 4, 5, 10 to 19, 104, 105, 110 to 119."""

from __future__ import annotations

from collections.abc import Sequence

from aiops_desktop.terminal import colours
from aiops_desktop.terminal.windows import Windowing

#: OSC 10 to 19 by what they colour; 15, 16 and 18 are of Tektronix.
_DYNAMIC = {10: "foreground", 11: "background", 12: "cursor", 13: "pointer"}
_DYNAMIC |= {14: "pointer_background", 17: "selection", 19: "selected"}
#: OSC 5, and OSC 4 from 256 on: colours for attributes.
_SPECIAL = ("bold", "underline", "blink", "reverse", "italic")
#: Where a colour that nobody set is taken from.
_INSTEAD = dict.fromkeys((*_SPECIAL, "pointer", "selected"), "foreground")
_INSTEAD |= {"pointer_background": "background"}
_PAIRS_MOST = 512


class Palette(Windowing):
    """Keeps the colours that programs set.

    Attributes:
        theme: 0xRRGGBB by palette number (0 to 15) or name ("foreground", …), for answers.
        colours: what the program set; missing ones are the theme's.
    """

    def __init__(self, columns: int, lines: int, history: int = 10_000) -> None:
        self.theme: dict[int | str, int] = {}
        super().__init__(columns, lines, history)

    def reset(self) -> None:
        """RIS."""
        super().reset()
        self.colours: dict[int | str, int] = {}

    def set_colours(self, rest: str, end: str, *, special: bool = False) -> None:
        """OSC 4 and 5: pairs of a number and a colour or "?"."""
        code = 5 if special else 4
        parts = rest.split(";")[: 2 * _PAIRS_MOST]
        for number, spec in zip(parts[::2], parts[1::2], strict=False):
            which = _indexed(number, special)
            if which is not None:
                self._colour(which, f"{code};{number}", spec, end)

    def set_dynamic_colours(self, code: int, rest: str, end: str) -> None:
        """OSC 10 to 19: the colour of this code, the next for the next code."""
        for at, spec in enumerate(rest.split(";")[: 20 - code], code):
            if at in _DYNAMIC:
                self._colour(_DYNAMIC[at], str(at), spec, end)

    def reset_colours(self, rest: str, *, special: bool = False) -> None:
        """OSC 104 and 105: these, or all of the kind, are the theme's again."""
        named = [_indexed(part, special) for part in rest.split(";")[:_PAIRS_MOST] if part]
        if named:
            self._forget([which for which in named if which is not None])
        elif special:
            self._forget(_SPECIAL)
        else:
            self._forget([which for which in self.colours if isinstance(which, int)])

    def reset_dynamic_colour(self, code: int) -> None:
        """OSC 110 to 119."""
        self._forget([_DYNAMIC.get(code - 100, "")])

    def _colour(self, which: int | str, code: str, spec: str, end: str) -> None:
        """Set a colour, or answer which it is."""
        if spec == "?":
            known = self._known(which)
            if known is not None:
                self.write_process_input(f"\x1b]{code};{colours.spelled(known)}{end}")
            return
        colour = colours.parsed(spec)
        if colour is not None:
            self.colours[which] = colour
            self.touch_all()

    def _known(self, which: int | str) -> int | None:
        known = self.colours.get(which, self.theme.get(which))
        if known is None and isinstance(which, int) and which > 15:
            return colours.CUBE[which]
        if known is None and which in _INSTEAD:
            return self._known(_INSTEAD[str(which)])
        return known

    def _forget(self, which: Sequence[int | str]) -> None:
        if any([self.colours.pop(each, None) is not None for each in which]):
            self.touch_all()

    def report_theme(self) -> None:
        """The answer to `CSI ? 996 n`: 1 for a dark background, 2 for a light one."""
        background = self._known("background")
        if background is not None:
            kind = 1 if colours.luminance(background) < 0.5 else 2
            self.write_process_input(f"\x1b[?997;{kind}n")

    def theme_changed(self) -> None:
        """Tell it to who asked to be told (mode 2031)."""
        if 2031 in self.private:
            self.report_theme()


def _indexed(number: str, special: bool) -> int | str | None:
    """The colour of a number in OSC 4 or 5."""
    if not (number.isascii() and number.isdecimal() and len(number) < 4):
        return None
    at = int(number) + 256 * special
    if at < 256:
        return at
    return _SPECIAL[at - 256] if at - 256 < len(_SPECIAL) else None
