"""Turns a control sequence into the call it stands for; pyte's tables, put right and extended."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

import pyte

from aiops_desktop.terminal.commands import Commanding
from aiops_desktop.terminal.tokens import CONTROLS, CSI, EL_CRLF
from aiops_desktop.terminal.windows import LEFT_OUT

#: What the stream does itself because it is frequent; everything else is a call.
CALL: Final = 0
CUP: Final = 1
CR: Final = 2
LF: Final = 3
EL: Final = 4
CUF: Final = 5
CRLF: Final = 6
#: EL and CRLF at once.
ERASE_CRLF: Final = 7
#: ASCII as G0, which it nearly always is already.
ASCII: Final = 8

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

    def select_graphic_rendition(self, *attrs: int, **kwargs: object) -> None:
        """SGR as pyte calls it."""
        self.pen = self.pen.after(f"\x1b[{';'.join(map(str, attrs))}m")

    def at_level(self, least: int, call: Callable[[], object]) -> None:
        """Do what a terminal of the present conformance level knows (DECSCL)."""
        if self.level >= least:
            call()


#: Method and number of parameters by prefix, intermediates and final.
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
    "n": ("report_device_status", 2),
    "`": ("cursor_to_column", 1),
    "a": ("column_relative", 1),
    "e": ("line_relative", 1),
    "S": ("scroll_up", 1),
    "T": ("scroll_down", 1),
    "^": ("scroll_down", 1),
    "I": ("tab", 1),
    "Z": ("back_tab", 1),
    "b": ("repeat_last", 1),
    "s": ("save_or_confine", 2),
    "u": ("restore_cursor", 0),
    "t": ("window_operation", _ALL),
    "x": ("report_parameters", 1),
    ">c": ("report_secondary_attributes", 1),
    "=c": ("report_tertiary_attributes", 1),
    ">q": ("report_version", 1),
    ">m": ("set_key_modifiers", 2),
    ">n": ("forget_key_modifiers", 1),
    "?m": ("report_key_modifiers", 1),
    ">u": ("push_kitty_flags", 1),
    "<u": ("pop_kitty_flags", 1),
    "=u": ("set_kitty_flags", 2),
    "?u": ("report_kitty_flags", 1),
    ">t": ("set_title_modes", _ALL),
    ">T": ("reset_title_modes", _ALL),
    "?s": ("save_modes", _ALL),
    "?W": ("reset_tab_stops", 1),
    "?r": ("restore_modes", _ALL),
    "!p": ("soft_reset", 0),
    '"p': ("set_level", 2),
    " @": ("scroll_left", 1),
    " A": ("scroll_right", 1),
    " q": ("set_cursor_style", 1),
    '"q': ("protect", 1),
    "$p": ("report_mode", 1),
    "?$p": ("report_private_mode", 1),
    "$w": ("report_presentation", 1),
    "$|": ("set_columns", 1),
    "*|": ("set_lines", 1),
    "#y": ("set_checksum_flags", 1),
    "*y": ("report_checksum", 6),
    "*x": ("set_attribute_extent", 1),
    "$v": ("copy_rectangle", 8),
    "$x": ("fill_rectangle", 5),
    "$z": ("erase_rectangle", 4),
    "${": ("erase_rectangle_selectively", 4),
    "$r": ("change_attributes", _ALL),
    "$t": ("reverse_attributes", _ALL),
    "'}": ("insert_columns", 1),
    "'~": ("delete_columns", 1),
}
#: Sequences with "?" that are the plain ones' private forms.
_PRIVATE = frozenset("hlJKn")
#: Sequences that terminals of a lower conformance level do not know.
_LEVELS = {"$p": 3, "?$p": 3, "$w": 3}
_LEVELS |= dict.fromkeys(("*y", "*x", "$v", "$x", "$z", "${", "$r", "$t", "'}", "'~"), 4)
_ESCAPES = {
    **pyte.Stream.escape,
    "6": "back_index",
    "7": "save_cursor",
    "8": "restore_cursor",
    "9": "forward_index",
    "=": "keypad_application",
    ">": "keypad_numeric",
    "E": "next_line",
    "V": "start_protected",
    "W": "end_protected",
    "Z": "report_device_attributes",
    "#8": "alignment_display",
}
#: Shifts to a character set, for good or for one character.
_SHIFTS = {"n": ("shift_set", 2), "o": ("shift_set", 3)}
_SHIFTS |= {"N": ("shift_once", 2), "O": ("shift_once", 3)}
#: C1 controls as the sequences they are short for.
_C1 = {chr(ord(final) + 0x40): final for final in "DEHMNOVWZ"}


class Dispatcher:
    """Makes the action for a sequence on one screen."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen

    def action(self, sequence: str) -> Action:
        """The action of a complete token."""
        first = sequence[0]
        if sequence == "\r\n":
            return Action(CRLF, self._screen.carriage_return_linefeed)
        if sequence == EL_CRLF:
            return Action(ERASE_CRLF, self._erase_and_end)
        if first != "\x1b":
            return self._control(first)
        kind = sequence[1:2]
        if kind == "[":
            return self._csi(sequence)
        if kind in ("]", "P"):
            return Action(CALL, partial(self._screen.command, sequence))
        return self._escape(sequence[1:])

    def _escape(self, sequence: str) -> Action:
        if sequence[:1] in "()*+-./" and 2 <= len(sequence) <= 3:
            call = partial(self._screen.define_charset, sequence[1:], sequence[0])
            return Action(ASCII if sequence == "(B" else CALL, call)
        if sequence in _SHIFTS:
            name, number = _SHIFTS[sequence]
            return Action(CALL, partial(getattr(self._screen, name), number))
        return self._named(_ESCAPES.get(sequence, ""))

    def _control(self, char: str) -> Action:
        if char in _C1:
            return self._escape(_C1[char])
        name = pyte.Stream.basic.get(char, "")
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
        if name == "scroll_down" and len(numbers) > 1:
            name = ""  # mouse highlighting, which is not here
        if not name:
            return Action(CALL, _nothing)
        given = numbers[:most]
        if key == "t":
            # XTWINOPS is the one where a number left out is not zero.
            given = tuple(
                number if part else LEFT_OUT
                for number, part in zip(given, body.split(";"), strict=False)
            )
        call: Callable[[], object] = partial(getattr(self._screen, name), *given)
        if private:
            call = partial(getattr(self._screen, name), *given, private=True)
        elif key in _LEVELS:
            call = partial(self._screen.at_level, _LEVELS[key], call)
        if private or name not in ("cursor_position", "cursor_forward", "erase_in_line"):
            return Action(CALL, call)
        if name == "cursor_position":
            return Action(CUP, call, (given[0] or 1) - 1, ((*given, 1)[1] or 1) - 1)
        if name == "cursor_forward":
            return Action(CUF, call, column=given[0] or 1)
        return Action(CALL if given[0] else EL, call)

    def _erase_and_end(self) -> None:
        self._screen.erase_in_line()
        self._screen.carriage_return_linefeed()

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
