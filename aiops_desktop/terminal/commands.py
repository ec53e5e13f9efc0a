"""OSC and DCS strings: titles, folder, links, clipboard, notices, prompts, questions."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from aiops_desktop.terminal.palette import Palette
from aiops_desktop.terminal.tokens import STRING_MOST
from aiops_desktop.terminal.windows import plain

#: Bytes that a program may put into the clipboard at once.
CLIPBOARD_MOST = 100_000
_EVENTS_MOST = 64
_LINK_MOST = 2_048
_COLOURS = frozenset((4, 5, 104, 105, *range(10, 20), *range(110, 120)))


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


class Commanding(Palette):
    """Understands strings.

    Attributes:
        working_directory: what the shell told by OSC 7; "" when it did not.
        working_host: on which computer that is, as told; "" for this one.
        clipboard_allowed: whether OSC 52 may write; reading is never answered.
    """

    clipboard_allowed = False

    def reset(self) -> None:
        """RIS."""
        super().reset()
        self.working_directory = self.working_host = ""
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
                self.report_capabilities(body[2:])
            return
        if sequence[1] != "]":
            return
        code, _, rest = body.partition(";")
        if not (code.isascii() and code.isdecimal()) or len(code) > 4:
            return
        # The answer ends as the question did.
        end = "\x07" if sequence.endswith("\x07") else "\x1b\\"
        if int(code) in _COLOURS:
            self._colours(int(code), rest, end)
        else:
            self._osc(int(code), rest)

    def _colours(self, code: int, rest: str, end: str) -> None:
        if code in (4, 5):
            self.set_colours(rest, end, special=code == 5)
        elif code < 20:
            self.set_dynamic_colours(code, rest, end)
        elif code in (104, 105):
            self.reset_colours(rest, special=code == 105)
        else:
            self.reset_dynamic_colour(code)

    def _osc(self, code: int, rest: str) -> None:
        if code in (0, 1, 2):
            if code != 1:
                self.set_title(rest)
            if code != 2:
                self.set_icon_name(rest)
        elif code == 7:
            self._folder(rest)
        elif code == 8:
            parameters, _, address = rest.partition(";")
            kept = address and len(address) <= _LINK_MOST
            self.pen = self.pen.linked((parameters[:256], address) if kept else None)
        elif code == 9 and not rest.startswith("4;"):
            # With a 4: progress, which is no notice.
            self._tell(Notice("", plain(rest)))
        elif code == 52:
            self._clipboard(rest)
        elif code == 133:
            kind, _, more = rest.partition(";")
            code_text = more.partition(";")[0]
            number = int(code_text) if code_text.isdecimal() and len(code_text) < 6 else None
            self._tell(Prompt(plain(kind)[:1], number if kind == "D" else None))
        elif code == 777 and rest.startswith("notify;"):
            title, _, text = rest[len("notify;") :].partition(";")
            self._tell(Notice(plain(title), plain(text)))

    def _folder(self, address: str) -> None:
        try:
            parts = urlsplit(address[:4096])
        except ValueError:
            return
        if parts.scheme == "file":
            self.working_directory = plain(unquote(parts.path, errors="replace"))
            self.working_host = plain(parts.netloc)[:255]

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
