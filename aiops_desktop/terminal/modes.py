"""Modes, character sets, the alternate screen and the saved cursor."""

from __future__ import annotations

from dataclasses import dataclass

from pyte import charsets

from aiops_desktop.terminal.editing import Editing
from aiops_desktop.terminal.grid import SavedCursor
from aiops_desktop.terminal.styles import DEFAULT

#: DEC private modes that can be set, reset and asked for (DECRQM).
_KNOWN = frozenset(
    {1, 3, 5, 6, 7, 9, 12, 25, 40, 45, 47, 66, 69, 1000, 1002, 1003, 1004, 1005, 1006, 1007}
    | {1015, 1016, 1034, 1035, 1036, 1039, 1042, 1047, 1048, 1049, 2004, 2026}
)
_DEFAULT = frozenset((7, 25, 1007, 1034, 1035, 1036, 1042))
_MICE = (1003, 1002, 1000, 9)
#: Modes of which one replaces the others.
_GROUPS = (frozenset(_MICE), frozenset((1005, 1006, 1015, 1016)))

_GRAPHICS = {code: charsets.VT100_MAP[code] for code in range(0x60, 0x7F)}
# pyte's table has other characters than DEC's for these three.
_GRAPHICS |= {0x5F: " ", 0x68: "\u2424", 0x69: "\u240b"}
_TRANSLATIONS: dict[str, dict[int, str]] = {"0": _GRAPHICS, "A": {0x23: "\u00a3"}}


@dataclass(frozen=True, slots=True)
class Modes:
    """What the program asked for, as far as keyboard, mouse and painting need to know.

    Attributes:
        mouse: 0 for none, else 9, 1000 (buttons), 1002 (and drags), 1003 (and motion).
        mouse_encoding: 0 for X10's bytes, else 1005, 1006 (SGR), 1015 or 1016 (SGR in pixels).
        modify_other_keys: xterm's modifyOtherKeys, 0 to 2.
        alternate_scroll: the wheel sends cursor keys on the alternate screen.
        synchronized: the program is in the middle of a frame (2026).
    """

    application_cursor: bool
    application_keypad: bool
    backarrow_sends_backspace: bool
    alternate_screen: bool
    alternate_scroll: bool
    autowrap: bool
    bracketed_paste: bool
    focus_events: bool
    insert: bool
    meta_sends_escape: bool
    modify_other_keys: int
    mouse: int
    mouse_encoding: int
    newline: bool
    reverse_video: bool
    synchronized: bool


class Switching(Editing):
    """Switches modes, screens and character sets."""

    def reset(self) -> None:
        """RIS."""
        super().reset()
        self.private = set(_DEFAULT)
        self.keypad = False
        self.modify_other_keys = 0
        self.cursor_style = 0
        self.sets = ["B", "B", "B", "B"]
        self.shift = 0
        self.trans = None
        self._saved: dict[bool, SavedCursor] = {}
        self._saved_modes: dict[int, bool] = {}

    def soft_reset(self) -> None:
        """DECSTR."""
        self.top, self.bottom = 0, self.lines - 1
        self.insert = self.origin = self.keypad = False
        self.autowrap = True
        self.private -= {1, 6, 66}
        self.private |= {7, 25}
        self.pen = DEFAULT
        self.sets, self.shift = ["B", "B", "B", "B"], 0
        self._translate()
        self._saved.pop(self.alternate, None)

    # Modes

    def set_mode(self, *modes: int, private: bool = False, **kwargs: object) -> None:
        """SM and DECSET."""
        for mode in modes:
            self._switch(mode, True, private)

    def reset_mode(self, *modes: int, private: bool = False, **kwargs: object) -> None:
        """RM and DECRST."""
        for mode in modes:
            self._switch(mode, False, private)

    def save_modes(self, *modes: int) -> None:
        """XTSAVE."""
        self._saved_modes |= {mode: mode in self.private for mode in modes if mode in _KNOWN}

    def restore_modes(self, *modes: int) -> None:
        """XTRESTORE."""
        for mode in modes:
            if mode in self._saved_modes:
                self._switch(mode, self._saved_modes[mode], True)

    def mode_state(self, mode: int, private: bool) -> int:
        """What DECRQM answers: 0 unknown, 1 set, 2 reset, 4 for ever reset."""
        if private:
            if mode == 67:
                return 4
            return 0 if mode not in _KNOWN else 1 if mode in self.private else 2
        known = {4: self.insert, 20: self.newline}
        if mode in known:
            return 1 if known[mode] else 2
        return 4 if mode in (1, 5, 7, 10, 11, 13, 14, 15, 16, 17, 18, 19) else 0

    def _switch(self, mode: int, on: bool, private: bool) -> None:
        if not private:
            if mode == 4:
                self.insert = on
            elif mode == 20:
                self.newline = on
            return
        if mode not in _KNOWN:
            return
        for group in _GROUPS:
            if mode in group:
                self.private -= group
        if on:
            self.private.add(mode)
        else:
            self.private.discard(mode)
        if mode == 6:
            self.origin = on
            self.cursor_position()
        elif mode == 7:
            self.autowrap = on
        elif mode == 66:
            self.keypad = on
        elif mode == 5:
            self.touch_all()
        elif mode == 3 and 40 in self.private:
            self._cleared_by_width()
        elif mode == 1048:
            (self.save_cursor if on else self.restore_cursor)()
        elif mode in (47, 1047, 1049):
            self._show_alternate(on, mode)

    def keypad_application(self) -> None:
        """DECKPAM."""
        self.keypad = True
        self.private.add(66)

    def keypad_numeric(self) -> None:
        """DECKPNM."""
        self.keypad = False
        self.private.discard(66)

    def set_key_modifiers(self, resource: int = 0, value: int = 0) -> None:
        """XTMODKEYS; only modifyOtherKeys (4) is kept. Without parameters: as at the start."""
        if resource in (0, 4):
            self.modify_other_keys = min(value, 2) if resource else 0

    def set_cursor_style(self, kind: int = 0) -> None:
        """DECSCUSR: 1 and 2 block, 3 and 4 underline, 5 and 6 bar; odd ones blink."""
        if kind <= 6:
            self.cursor_style = kind
            self.rows[self.y].gen = self.gen

    @property
    def modes(self) -> Modes:
        """The present modes."""
        on = self.private
        return Modes(
            application_cursor=1 in on,
            application_keypad=self.keypad,
            backarrow_sends_backspace=67 in on,
            alternate_screen=self.alternate,
            alternate_scroll=1007 in on,
            autowrap=self.autowrap,
            bracketed_paste=2004 in on,
            focus_events=1004 in on,
            insert=self.insert,
            meta_sends_escape=1036 in on,
            modify_other_keys=self.modify_other_keys,
            mouse=next((mode for mode in _MICE if mode in on), 0),
            mouse_encoding=next((mode for mode in (1005, 1006, 1015, 1016) if mode in on), 0),
            newline=self.newline,
            reverse_video=5 in on,
            synchronized=2026 in on,
        )

    def _cleared_by_width(self) -> None:
        """DECCOLM clears; the size is the window's and stays."""
        self.top, self.bottom = 0, self.lines - 1
        self.rows[:] = [self.blank_row() for _ in range(self.lines)]
        self.cursor_position()

    # Screens and the saved cursor

    def _show_alternate(self, on: bool, mode: int) -> None:
        self.private -= {47, 1047, 1049}
        if on:
            self.private.add(mode)
        if on == self.alternate:
            return
        if on:
            if mode == 1049:
                self.save_cursor()
            self.main_rows = self.rows
            self.alternate = True
            self.rows = [self.blank_row() for _ in range(self.lines)]
        else:
            self.alternate = False
            self.rows = self.main_rows
            if mode == 1049:
                self.restore_cursor()
        self.touch_all()

    def save_cursor(self) -> None:
        """DECSC; each screen has its own."""
        self._saved[self.alternate] = SavedCursor(
            self.x, self.y, self.pen, tuple(self.sets), self.shift, self.origin
        )

    def restore_cursor(self) -> None:
        """DECRC; without a saved one to the upper left corner."""
        saved = self._saved.get(self.alternate, SavedCursor())
        self.x, self.y = min(saved.x, self.columns), min(saved.y, self.lines - 1)
        self.pen, self.origin = saved.pen, saved.origin
        self.sets, self.shift = list(saved.charsets), saved.shift
        (self.private.add if saved.origin else self.private.discard)(6)
        self._translate()

    @property
    def saved_of_main(self) -> SavedCursor:
        """The saved cursor of the main screen."""
        return self._saved.get(False, SavedCursor())

    @saved_of_main.setter
    def saved_of_main(self, saved: SavedCursor) -> None:
        if False in self._saved:
            self._saved[False] = saved

    # Character sets

    def define_charset(self, code: str, mode: str) -> None:
        """SCS: "(" to "+" say which of G0 to G3."""
        self.sets["()*+".index(mode)] = code
        self._translate()

    def shift_in(self) -> None:
        """SI: G0."""
        self.shift = 0
        self._translate()

    def shift_out(self) -> None:
        """SO: G1."""
        self.shift = 1
        self._translate()

    def _translate(self) -> None:
        self.trans = _TRANSLATIONS.get(self.sets[self.shift])
