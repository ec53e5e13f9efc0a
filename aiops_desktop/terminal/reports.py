"""What the terminal answers: device attributes, cursor position, modes, settings, sizes."""

from __future__ import annotations

import re

from aiops_desktop.terminal import styles
from aiops_desktop.terminal.modes import Switching

#: Characters of answers kept while nobody takes them.
_REPLIES_MOST = 1 << 16
_TITLES_MOST = 10


class Reporting(Switching):
    """Answers questions.

    Attributes:
        cell_size: width and height of a cell in pixels, for size reports.
        title: of the window (OSC 0, 2).
        icon_name: of the icon (OSC 0, 1).
    """

    cell_size = (8, 16)

    def reset(self) -> None:
        """RIS."""
        super().reset()
        self.title = self.icon_name = ""
        self.bells = 0
        self._titles: list[str] = []
        self._replies: list[str] = []
        self._replies_size = 0

    def write_process_input(self, data: str) -> None:
        """Answer the program; dropped when far too much is waiting."""
        if self._replies_size + len(data) <= _REPLIES_MOST:
            self._replies.append(data)
            self._replies_size += len(data)

    def take_replies(self) -> bytes:
        """The answers since the last call."""
        made = "".join(self._replies).encode("utf-8", "replace")
        self._replies.clear()
        self._replies_size = 0
        return made

    def report_device_attributes(self, mode: int = 0, **kwargs: bool) -> None:
        """DA1: a VT400-class terminal with 132 columns, selective erase and colours."""
        if not mode:
            self.write_process_input("\x1b[?64;1;6;22c")

    def report_secondary_attributes(self, mode: int = 0) -> None:
        """DA2, as xterm's version number that programs look for."""
        if not mode:
            self.write_process_input("\x1b[>41;380;0c")

    def report_tertiary_attributes(self, mode: int = 0) -> None:
        """DA3."""
        if not mode:
            self.write_process_input("\x1bP!|00000000\x1b\\")

    def report_version(self, mode: int = 0) -> None:
        """XTVERSION."""
        if not mode:
            self.write_process_input("\x1bP>|aiops desktop\x1b\\")

    def report_device_status(self, mode: int, private: bool = False) -> None:
        """DSR 5 and CPR 6; DECXCPR when private."""
        if mode == 6:
            line = self.y - (self.top if self.origin else 0) + 1
            column = min(self.x, self.columns - 1) + 1
            mark, page = ("?", ";1") if private else ("", "")
            self.write_process_input(f"\x1b[{mark}{line};{column}{page}R")
        elif private:
            # Printer, user-defined keys, keyboard, locator, macros: none of them here.
            known = {15: "?13", 25: "?20", 26: "?27;1;0;0", 53: "?50", 55: "?50", 56: "?57;0"}
            if mode in known:
                self.write_process_input(f"\x1b[{known[mode]}n")
        elif mode == 5:
            self.write_process_input("\x1b[0n")

    def report_mode(self, mode: int = 0) -> None:
        """DECRQM for an ANSI mode."""
        self.write_process_input(f"\x1b[{mode};{self.mode_state(mode, False)}$y")

    def report_private_mode(self, mode: int = 0) -> None:
        """DECRQM for a private mode."""
        self.write_process_input(f"\x1b[?{mode};{self.mode_state(mode, True)}$y")

    def report_parameters(self, mode: int = 0) -> None:
        """DECREQTPARM."""
        if mode in (0, 1):
            self.write_process_input(f"\x1b[{mode + 2};1;1;128;128;1;0x")

    def report_setting(self, setting: str) -> None:
        """DECRQSS: answers with the sequence that would make the present setting."""
        blink_style = self.cursor_style or 1
        known = {
            "m": styles.sgr(self.pen) + "m",
            "r": f"{self.top + 1};{self.bottom + 1}r",
            " q": f"{blink_style} q",
            '"q': f'{1 if self.pen.flags & styles.PROTECTED else 0}"q',
            '"p': '64;1"p',
            "t": f"{self.lines}t",
            "$|": f"{self.columns}$|",
            "*|": f"{self.lines}*|",
            "*x": "1*x",
        }
        answer = f"1$r{known[setting]}" if setting in known else "0$r"
        self.write_process_input(f"\x1bP{answer}\x1b\\")

    def window_operation(self, *args: int) -> None:
        """XTWINOPS: sizes and the stack of titles; the window itself is the person's."""
        width, height = self.cell_size
        match args[0] if args else 0:
            case 11:
                self.write_process_input("\x1b[1t")
            case 13:
                self.write_process_input("\x1b[3;0;0t")
            case 14:
                self.write_process_input(f"\x1b[4;{self.lines * height};{self.columns * width}t")
            case 16:
                self.write_process_input(f"\x1b[6;{height};{width}t")
            case 18:
                self.write_process_input(f"\x1b[8;{self.lines};{self.columns}t")
            case 19:
                self.write_process_input(f"\x1b[9;{self.lines};{self.columns}t")
            case 22 if self.titles_kept(args):
                self._titles = [*self._titles, self.title][-_TITLES_MOST:]
            case 23 if self.titles_kept(args) and self._titles:
                self.title = self._titles.pop()

    @staticmethod
    def titles_kept(args: tuple[int, ...]) -> bool:
        """Whether 22 or 23 is about the window's title (0 both, 1 icon, 2 title)."""
        return len(args) < 2 or args[1] in (0, 2)

    def bell(self, *args: object) -> None:
        """BEL; counted for whoever shows it."""
        self.bells += 1

    def set_title(self, param: str) -> None:
        """OSC 2."""
        self.title = plain(param)

    def set_icon_name(self, param: str) -> None:
        """OSC 1."""
        self.icon_name = plain(param)


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """A foreign text for a title: without control and direction characters, at most 1,024 long."""
    return _CONTROL.sub("", text)[:1024]
