"""OSC and DCS strings: titles, folder, links, colours, clipboard, notices, settings."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from aiops_desktop.terminal import colours
from aiops_desktop.terminal.reports import Reporting, plain
from aiops_desktop.terminal.tokens import STRING_MOST

#: Bytes that a program may put into the clipboard at once.
CLIPBOARD_MOST = 100_000
_EVENTS_MOST = 64
_LINK_MOST = 2_048
#: OSC 10 to 19 by what they colour; 15, 16 and 18 are of Tektronix.
_DYNAMIC = {10: "foreground", 11: "background", 12: "cursor", 17: "selection", 19: "selected"}


@dataclass(frozen=True, slots=True)
class ClipboardWrite:
    """A program wants this text in the clipboard (OSC 52). `primary`: in the selection."""

    text: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A program wants to tell something (OSC 9, 777)."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A shell's mark (OSC 133): A prompt, B command, C output, D end with `code` when known."""

    kind: str
    code: int | None = None


Event = ClipboardWrite | Notice | Prompt


class Commanding(Reporting):
    """Understands strings.

    Attributes:
        working_directory: what the shell told by OSC 7; "" when it did not.
        theme: 0xRRGGBB by palette number (0 to 15) or name ("foreground", …), for answers.
        colours: what the program set; missing ones are the theme's.
        clipboard_allowed: whether OSC 52 may write; reading is never answered.
    """

    def __init__(self, columns: int, lines: int, history: int = 10_000) -> None:
        self.theme: dict[int | str, int] = {}
        self.clipboard_allowed = False
        super().__init__(columns, lines, history)

    def reset(self) -> None:
        """RIS."""
        super().reset()
        self.working_directory = ""
        self.colours: dict[int | str, int] = {}
        self._events: list[Event] = []

    def take_events(self) -> list[Event]:
        """What programs asked for since the last call."""
        taken, self._events = self._events, []
        return taken

    def _tell(self, event: Event) -> None:
        if len(self._events) < _EVENTS_MOST:
            self._events.append(event)

    def command(self, sequence: str) -> None:
        """A whole OSC or DCS sequence; a cancelled, oversized or unknown one has no effect."""
        body, ended = _body(sequence)
        if not ended or len(sequence) > STRING_MOST:
            return
        if sequence[1] == "P":
            if body.startswith("$q"):
                self.report_setting(body[2:])
            elif body.startswith("+q"):
                self.write_process_input("\x1bP0+r\x1b\\")
            return
        if sequence[1] != "]":
            return
        code, _, rest = body.partition(";")
        if not code.isdecimal() or len(code) > 4:
            return
        # The answer ends as the question did.
        self._end = "\x07" if sequence.endswith("\x07") else "\x1b\\"
        self._osc(int(code), rest)

    def _osc(self, code: int, rest: str) -> None:
        if code in (0, 1, 2):
            if code != 1:
                self.set_title(rest)
            if code != 2:
                self.set_icon_name(rest)
        elif code == 4:
            self._palette(rest.split(";")[:512])
        elif code == 7:
            self._folder(rest)
        elif code == 8:
            parameters, _, address = rest.partition(";")
            kept = address and len(address) <= _LINK_MOST
            self.pen = self.pen.linked((parameters[:256], address) if kept else None)
        elif code == 9:
            self._tell(Notice("", plain(rest)))
        elif 10 <= code <= 19:
            for at, spec in enumerate(rest.split(";")[: 20 - code]):
                self._colour(_DYNAMIC.get(code + at, ""), str(code + at), spec)
        elif code == 52:
            self._clipboard(rest)
        elif code == 104:
            self._forget([int(part) for part in rest.split(";") if part.isdecimal()])
        elif 110 <= code <= 119:
            if self.colours.pop(_DYNAMIC.get(code - 100, ""), None) is not None:
                self.touch_all()
        elif code == 133:
            kind, _, more = rest.partition(";")
            code_text = more.partition(";")[0]
            number = int(code_text) if code_text.isdecimal() and len(code_text) < 6 else None
            self._tell(Prompt(plain(kind)[:1], number if kind == "D" else None))
        elif code == 777 and rest.startswith("notify;"):
            title, _, text = rest[len("notify;") :].partition(";")
            self._tell(Notice(plain(title), plain(text)))

    def _palette(self, parts: list[str]) -> None:
        for number, spec in zip(parts[::2], parts[1::2], strict=False):
            if number.isdecimal() and len(number) < 4 and int(number) < 256:
                self._colour(int(number), f"4;{number}", spec)

    def _colour(self, which: int | str, code: str, spec: str) -> None:
        """Set a colour, or answer which it is."""
        if which == "":
            return
        if spec == "?":
            known = self.colours.get(which, self.theme.get(which))
            if known is None and isinstance(which, int) and which > 15:
                known = colours.CUBE[which]
            if known is not None:
                self.write_process_input(f"\x1b]{code};{colours.spelled(known)}{self._end}")
            return
        colour = colours.parsed(spec)
        if colour is not None:
            self.colours[which] = colour
            self.touch_all()

    def _forget(self, numbers: list[int]) -> None:
        """OSC 104: these palette colours, or all, are the theme's again."""
        for which in list(self.colours):
            if isinstance(which, int) and (not numbers or which in numbers):
                del self.colours[which]
        self.touch_all()

    def _folder(self, address: str) -> None:
        try:
            parts = urlsplit(address[:4096])
        except ValueError:
            return
        if parts.scheme == "file":
            self.working_directory = plain(unquote(parts.path, errors="replace"))

    def _clipboard(self, rest: str) -> None:
        targets, _, data = rest.partition(";")
        if not self.clipboard_allowed or data == "?" or len(data) > CLIPBOARD_MOST * 4 // 3 + 4:
            return
        try:
            text = base64.b64decode(data, validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return
        self._tell(ClipboardWrite(text, "c" not in targets and "p" in targets))


def _body(sequence: str) -> tuple[str, bool]:
    """The inside of a string sequence and whether it was ended properly."""
    if sequence.endswith("\x1b\\"):
        return sequence[2:-2], True
    if sequence[-1] in "\x07\x9c":
        return sequence[2:-1], True
    return "", False
