"""Turns a control sequence into the call it stands for; pyte's tables, put right and extended."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

import pyte

from aiops_desktop.terminal.commands import Commanding
from aiops_desktop.terminal.tokens import CONTROLS, CSI

#: What the stream does itself because it is frequent; everything else is a call.
CALL: Final = 0
CUP: Final = 1
CR: Final = 2
LF: Final = 3
EL: Final = 4
CUF: Final = 5
CRLF: Final = 6

_PARAMETERS_MOST = 32
_VALUE_MOST = 16_383
_ALL = _PARAMETERS_MOST


class Action(NamedTuple):
    """What a sequence does. `line` and `column` are the numbers of CUP and CUF."""

    kind: int
    call: Callable[[], object]
    line: int = 0
    column: int = 0


class Screen(Commanding):
    """The whole terminal screen: grid, modes, reports and commands."""

    def protect(self, kind: int = 0) -> None:
        """DECSCA."""
        self.pen = self.pen.protected(kind == 1)

    def select_graphic_rendition(self, *attrs: int, **kwargs: object) -> None:
        """SGR as pyte calls it."""
        self.pen = self.pen.after(f"\x1b[{';'.join(map(str, attrs))}m")

    def shift_set(self, number: int) -> None:
        """LS2, LS3."""
        self.shift = number
        self._translate()


_CSI: dict[str, tuple[str, int]] = {final: (name, 1) for final, name in pyte.Stream.csi.items()}
# pyte takes HPA for an apostrophe.
del _CSI["'"]
_CSI |= {
    "H": ("cursor_position", 2),
    "f": ("cursor_position", 2),
    "r": ("set_margins", 2),
    "h": ("set_mode", _ALL),
    "l": ("reset_mode", _ALL),
    "m": ("select_graphic_rendition", _ALL),
    "`": ("cursor_to_column", 1),
    "S": ("scroll_up", 1),
    "T": ("scroll_down", 1),
    "I": ("tab", 1),
    "Z": ("back_tab", 1),
    "b": ("repeat_last", 1),
    "s": ("save_cursor", 0),
    "u": ("restore_cursor", 0),
    "t": ("window_operation", _ALL),
    "x": ("report_parameters", 1),
    ">c": ("report_secondary_attributes", 1),
    "=c": ("report_tertiary_attributes", 1),
    ">q": ("report_version", 1),
    ">m": ("set_key_modifiers", 2),
    "?s": ("save_modes", _ALL),
    "?r": ("restore_modes", _ALL),
    "!p": ("soft_reset", 0),
    " q": ("set_cursor_style", 1),
    '"q': ("protect", 1),
    "$p": ("report_mode", 1),
    "?$p": ("report_private_mode", 1),
}
#: Sequences with "?" that are the plain ones' private forms.
_PRIVATE = frozenset("hlJKn")
_ESCAPES = {
    **pyte.Stream.escape,
    "7": "save_cursor",
    "8": "restore_cursor",
    "=": "keypad_application",
    ">": "keypad_numeric",
    "E": "next_line",
    "#8": "alignment_display",
}
_C1 = {"\x84": "index", "\x85": "next_line", "\x88": "set_tab_stop", "\x8d": "reverse_index"}


class Dispatcher:
    """Makes the action for a sequence on one screen."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def action(self, sequence: str) -> Action:
        """The action of a complete token."""
        first = sequence[0]
        if sequence == "\r\n":
            return Action(CRLF, self._screen.next_line)
        if first != "\x1b":
            return self._control(first)
        kind = sequence[1:2]
        if kind == "[":
            return self._csi(sequence)
        if kind in ("]", "P"):
            return Action(CALL, partial(self._screen.command, sequence))
        if len(sequence) == 3 and kind in "()*+":
            return Action(CALL, partial(self._screen.define_charset, sequence[2], kind))
        if sequence[1:] in ("n", "o"):
            return Action(CALL, partial(self._screen.shift_set, 2 if kind == "n" else 3))
        return self._named(_ESCAPES.get(sequence[1:], ""))

    def _control(self, char: str) -> Action:
        name = pyte.Stream.basic.get(char) or _C1.get(char, "")
        kind = CR if char == "\r" else LF if name == "linefeed" else CALL
        return self._named(name)._replace(kind=kind)

    def _named(self, name: str) -> Action:
        return Action(CALL, getattr(self._screen, name) if name else _nothing)

    def _csi(self, sequence: str) -> Action:
        found = CSI.fullmatch(sequence)
        if not found:
            return Action(CALL, partial(self._broken, sequence))
        prefix, body, between, final = found.groups()
        numbers = tuple(
            min(int(part.partition(":")[0][-9:] or 0), _VALUE_MOST)
            for part in body.split(";")[:_PARAMETERS_MOST]
        )
        key = prefix + between + final
        private = key[:1] == "?" and key[1:] in _PRIVATE
        name, most = _CSI.get(final if private else key, ("", 0))
        if (name == "save_cursor" and body) or (name == "scroll_down" and len(numbers) > 1):
            name = ""  # DECSLRM and mouse highlighting, which are not here
        if not name:
            return Action(CALL, _nothing)
        given = numbers[:most]
        call = partial(getattr(self._screen, name), *given)
        if private:
            return Action(CALL, partial(call, private=True))
        if name == "cursor_position":
            return Action(CUP, call, (given[0] or 1) - 1, ((*given, 1)[1] or 1) - 1)
        if name == "cursor_forward":
            return Action(CUF, call, column=given[0] or 1)
        return Action(EL if name == "erase_in_line" and not given[0] else CALL, call)

    def _broken(self, sequence: str) -> None:
        """A sequence with control characters inside: they are executed, then it is."""
        for char in CONTROLS.findall(sequence[1:]):
            self._control(char).call()
        rest = "\x1b" + CONTROLS.sub("", sequence[1:]).replace("\x7f", "")
        if not CSI.fullmatch(rest):
            return
        if rest.endswith("m") and rest[2:-1].replace(";", "").replace(":", "").isdecimal():
            self._screen.pen = self._screen.pen.after(rest)
        else:
            self._csi(rest).call()


def _nothing() -> None:
    """Unknown sequences are swallowed."""
