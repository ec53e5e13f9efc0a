"""What the terminal answers about itself: attributes, status, cursor, modes, checksums."""

from __future__ import annotations

from aiops_desktop.terminal.modes import Switching

#: Characters of answers kept while nobody takes them.
_REPLIES_MOST = 1 << 16
#: DSR questions about what is not here, and their answers: no printer, keys not locked, a ready
#: keyboard, no locator, no macros, no data errors, one session.
_STATUS = {
    15: "\x1b[?13n",
    25: "\x1b[?20n",
    26: "\x1b[?27;1;0;0n",
    53: "\x1b[?50n",
    55: "\x1b[?50n",
    56: "\x1b[?57;0n",
    62: "\x1b[0*{",
    75: "\x1b[?70n",
    85: "\x1b[?83n",
}


class Reporting(Switching):
    """Answers questions."""

    def reset(self) -> None:
        """RIS."""
        super().reset()
        self.bells = 0
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
        """DA1: a VT420, and what of its options is here.

        132 columns, selective erase, national and technical character sets, horizontal scrolling,
        colours and rectangles.
        """
        if not mode:
            self.write_process_input("\x1b[?64;1;6;9;15;21;22;28c")

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

    def report_device_status(self, mode: int = 0, number: int = 0, private: bool = False) -> None:
        """DSR 5 and CPR 6; when private DECXCPR and what else DEC's terminals are asked."""
        if mode == 6:
            line, column = self.place
            mark, page = ("?", ";1") if private else ("", "")
            self.write_process_input(f"\x1b[{mark}{line};{column}{page}R")
        elif private and mode == 63:
            # DECCKSR, the checksum of macros.
            self.write_process_input(f"\x1bP{number}!~0000\x1b\\")
        elif private and mode == 996:
            self.report_theme()
        elif private and mode in _STATUS:
            self.write_process_input(_STATUS[mode])
        elif mode == 5 and not private:
            self.write_process_input("\x1b[0n")

    def report_theme(self) -> None:
        """Whether the theme is dark; who knows the colours answers."""

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

    def report_checksum(self, number: int = 0, page: int = 0, *box: int) -> None:
        """DECRQCRA; not worked out when the answer would be dropped."""
        if self._replies_size > _REPLIES_MOST - 64:
            return
        self.write_process_input(f"\x1bP{number}!~{self.checksum(*box):04X}\x1b\\")

    def report_kitty_flags(self, mode: int = 0) -> None:
        """What `CSI ? u` asks for."""
        self.write_process_input(f"\x1b[?{self.kitty_flags}u")

    def report_key_modifiers(self, resource: int = 0) -> None:
        """XTQMODKEYS for modifyOtherKeys."""
        if resource == 4:
            self.write_process_input(f"\x1b[>4;{self.modify_other_keys}m")

    def bell(self, *args: object) -> None:
        """BEL; counted for whoever shows it."""
        self.bells += 1
