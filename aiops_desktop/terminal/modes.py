"""Modes: what programs switch on and off, and what they are told about it."""

from __future__ import annotations

from dataclasses import dataclass

from aiops_desktop.terminal.screens import Screens
from aiops_desktop.terminal.styles import DEFAULT

#: DEC private modes that can be set, reset, saved and asked for. Those without a meaning here
#: (smooth scrolling 4, printing 18 and 19, reverse video's kin) are remembered for the program.
_KNOWN = frozenset(
    {1, 3, 4, 5, 6, 7, 9, 12, 18, 19, 25, 40, 41, 42, 45, 47, 66, 67, 69}
    | {1000, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016, 1034, 1035, 1036, 1039, 1042, 1045}
    | {1047, 1048, 1049, 2004, 2026, 2027, 2031, 2048}
)
_DEFAULT = frozenset((7, 25, 1007, 1034, 1035, 1036, 1042, 2027))
#: Private modes that are what they are: ANSI (not VT52), auto-repeat; horizontal coupling.
_FIXED = {2: 3, 8: 3, 60: 4}
#: ANSI modes of ECMA-48 that no terminal has any more.
_NEVER = frozenset((1, 5, 7, 10, 11, 13, 14, 15, 16, 17, 18, 19))
_MICE = (1003, 1002, 1000, 9)
_ENCODINGS = (1005, 1006, 1015, 1016)
#: Modes of which one replaces the others.
_GROUPS = (frozenset(_MICE), frozenset(_ENCODINGS))
#: Modes that DECSTR puts back.
_SOFT = frozenset((1, 6, 42, 45, 66, 69, 1045))
_SET, _RESET, _UNKNOWN, _ALWAYS_RESET = 1, 2, 0, 4


@dataclass(frozen=True, slots=True)
class Modes:
    """What the program asked for, as far as keyboard, mouse and painting need to know.

    Attributes:
        mouse: 0 for none, else 9, 1000 (buttons), 1002 (and drags), 1003 (and motion).
        mouse_encoding: 0 for X10's bytes, else 1005, 1006 (SGR), 1015 or 1016 (SGR in pixels).
        modify_other_keys: xterm's modifyOtherKeys, 0 to 2.
        alternate_scroll: the wheel sends cursor keys on the alternate screen.
        synchronized: the program is in the middle of a frame (2026).
        kitty_flags: of kitty's keyboard protocol, or-ed: 1 disambiguate, 2 report event types.
        numlock_digits: the keypad types digits though it is in application mode (1035).
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
    kitty_flags: int = 0
    numlock_digits: bool = True


class Switching(Screens):
    """Switches modes.

    Attributes:
        private: the DEC private modes that are set.
        level: the conformance level, 1 to 4 for VT100 to VT420 (DECSCL).
    """

    def reset(self) -> None:
        """RIS."""
        super().reset()
        self.private = set(_DEFAULT)
        self.clustering = True
        self._ansi: set[int] = {12}
        self.keypad = False
        self.level = 4
        self.cursor_style = 0
        self._saved_modes: dict[int, bool] = {}

    def soft_reset(self) -> None:
        """DECSTR."""
        self.reset_margins()
        self.insert = self.origin = self.keypad = self.guarded = self.national = False
        self.autowrap = True
        self.reverse_wrap = 0
        self.private -= _SOFT
        self.private |= {7, 25}
        self._ansi = {12}
        self.pen = DEFAULT
        self.reset_charsets()
        self.forget_cursor()

    def set_level(self, level: int = 0, controls: int = 0) -> None:
        """DECSCL: 61 to 65; a soft reset. Controls are always taken as 7 and as 8 bits."""
        if 61 <= level <= 65:
            self.soft_reset()
            self.level = min(level - 60, 4)

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
        """What DECRQM answers: 0 unknown, 1 set, 2 reset, 3 for ever set, 4 for ever reset."""
        if private:
            if mode in _FIXED:
                return _FIXED[mode]
            known, on = mode in _KNOWN, mode in self.private
        else:
            if mode in _NEVER:
                return _ALWAYS_RESET
            known = mode in (2, 4, 12, 20)
            on = {4: self.insert, 20: self.newline}.get(mode, mode in self._ansi)
        return _UNKNOWN if not known else _SET if on else _RESET

    def _switch(self, mode: int, on: bool, private: bool) -> None:
        if not private:
            self._switch_ansi(mode, on)
        elif mode in _KNOWN and not (mode == 69 and self.level < 4):
            for group in _GROUPS:
                if mode in group:
                    self.private -= group
            (self.private.add if on else self.private.discard)(mode)
            self._switched(mode, on)

    def _switch_ansi(self, mode: int, on: bool) -> None:
        if mode == 4:
            self.insert = on
        elif mode == 20:
            self.newline = on
        elif mode in (2, 12):
            # Remembered for DECRQM: no program locks the keyboard, none gets a local echo.
            (self._ansi.add if on else self._ansi.discard)(mode)

    def _switched(self, mode: int, on: bool) -> None:
        """A private mode was set or reset."""
        match mode:
            case 3:
                self.change_width(132 if on else 80)
            case 5:
                self.touch_all()
            case 6:
                self.origin = on
                self.cursor_position()
            case 7:
                self.autowrap = on
            case 41:
                self.tabs_wrap = on
            case 42:
                self.national = on
                self.translate()
            case 45 | 1045:
                self.reverse_wrap = 2 if 1045 in self.private else int(45 in self.private)
            case 66:
                self.keypad = on
            case 69 if not on:
                self.confine(0, self.columns - 1)
            case 2027:
                self.clustering = on
            case 1048:
                (self.save_cursor if on else self.restore_cursor)()
            case 47 | 1047 | 1049:
                self.private -= {47, 1047, 1049}
                if on:
                    self.private.add(mode)
                self.show_alternate(on, mode)

    def keypad_application(self) -> None:
        """DECKPAM."""
        self.keypad = True
        self.private.add(66)

    def keypad_numeric(self) -> None:
        """DECKPNM."""
        self.keypad = False
        self.private.discard(66)

    def save_or_confine(self, *margins: int) -> None:
        """DECSLRM where DECLRMM is set, else SCOSC, which has no parameters."""
        if 69 in self.private:
            self.set_side_margins(*margins[:2])
        elif not any(margins):
            self.save_cursor()

    def restore_cursor(self) -> None:
        """DECRC."""
        super().restore_cursor()
        (self.private.add if self.origin else self.private.discard)(6)

    def set_cursor_style(self, kind: int = 0) -> None:
        """DECSCUSR: 1 and 2 block, 3 and 4 underline, 5 and 6 bar; odd ones blink."""
        if kind <= 6:
            self.cursor_style = kind
            self.rows[self.y].gen = self.gen

    def change_width(self, columns: int) -> None:
        """DECCOLM clears where mode 40 allows it; the size is the window's and stays."""
        if 40 in self.private:
            self.reset_margins()
            self.rows[:] = [self.blank_row() for _ in range(self.lines)]
            self.cursor_position()

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
            mouse_encoding=next((mode for mode in _ENCODINGS if mode in on), 0),
            newline=self.newline,
            reverse_video=5 in on,
            synchronized=2026 in on,
            kitty_flags=self.kitty_flags,
            numlock_digits=1035 in on,
        )
