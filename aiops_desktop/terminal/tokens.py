r"""Cuts decoded text into runs of plain text and control sequences, at C speed.

The grammar is that of ECMA-48 and of DEC's terminals (https://vt100.net/emu/dec_ansi_parser):
control characters inside a CSI sequence are executed, CAN and SUB cancel a sequence, ESC begins
anew, OSC ends with BEL or ST, the other strings with ST.
"""

from __future__ import annotations

import re

#: Characters of one CSI sequence before it is given up.
_CSI_MOST = 1024
#: Characters of an OSC, DCS, SOS, PM or APC string; a longer one has no effect.
STRING_MOST = 1 << 20

_INSIDE = rf"[\x00-\x17\x19\x1c-?\x7f]{{0,{_CSI_MOST}}}"
_STRING_END = r"\x1b\\|[\x9c\x18\x1a]|(?=\x1b[^\\])"
#: Erase to the end of the line, and the line's end: how tmux ends nearly every line.
EL_CRLF = "\x1b[K\r\n"
_OTHER_CONTROLS = "|".join(
    re.escape(chr(code))
    for code in (*range(0x20), *range(0x7F, 0xA0))
    if code not in (0x08, 0x09, 0x0A, 0x0D, 0x1B)
)
# Every alternative begins with a literal: only then does `re` skip text by a table of characters,
# which is three times faster than trying the alternatives at each.
_TOKEN = re.compile(
    "("
    rf"\x1b\[(?:[ -?]{{0,{_CSI_MOST}}}[@-JL-~]|K\r\n|{_INSIDE}(?:[@-~\x18\x1a]|))"
    r"|\r\n|\r|\n|\x08|\t"
    rf"|\x1b(?:\][^\x07\x18\x1a\x1b\x9c]*(?:{_STRING_END}|\x07)"
    rf"|[PX^_][^\x18\x1a\x1b\x9c]*(?:{_STRING_END})"
    r"|[ -/]{1,8}[0-~]?|[0-OQ-WYZ\\`-~]|)"
    rf"|{_OTHER_CONTROLS}"
    ")"
)
_split = _TOKEN.split
#: A sequence that the end of the text cuts short. `\Z` after a class that cannot match ESC.
_OPEN = re.compile(rf"\x1b(?:\[{_INSIDE}|[ -/]{{0,8}})\Z")
_OPEN_STRING = re.compile(r"\x1b(?:\][^\x07\x18\x1a\x1b\x9c]*|[PX^_][^\x18\x1a\x1b\x9c]*)\x1b?\Z")
_OSC_END = re.compile(r"[\x07\x18\x1a\x1b\x9c]")
_OTHER_END = re.compile(r"[\x18\x1a\x1b\x9c]")

#: A sequence that stands for what is held back.
_SENTINEL = "\x1b[@"
#: C1 controls that begin a sequence, as their seven-bit forms.
_C1 = {code: "\x1b" + chr(code - 0x40) for code in (0x90, 0x98, 0x9B, 0x9D, 0x9E, 0x9F)}
_HAS_C1 = re.compile("[\x90\x98\x9b\x9d-\x9f]").search


class Tokenizer:
    """Cuts a stream, however it is split, into the same tokens."""

    def __init__(self) -> None:
        self._held = ""
        self._string: list[str] = []
        self._string_size = 0

    @property
    def idle(self) -> bool:
        """Whether nothing unfinished is held back."""
        return not self._held and not self._string

    def cut(self, text: str) -> list[str]:
        """Plain text and sequences in turn: `[text, sequence, text, …, text]`."""
        if not text.isascii() and _HAS_C1(text):
            text = text.translate(_C1)
        before: list[str] = []
        if self._string:
            done, text = self._string_goes_on(text)
            if not done:
                return []
            before = ["", done]
        elif self._held:
            text = self._held + text
            self._held = ""
        end = self._hold_back(text)
        if end == len(text):
            return before + _split(text) if text else before
        # What is held back ends an open string before it, which the split has to see.
        return before + _split(text[:end] + _SENTINEL)[:-2]

    def _hold_back(self, text: str) -> int:
        """Keep an unfinished sequence at the end for the next call; where it begins."""
        last = text.rfind("\x1b")
        if last < 0:
            return len(text)
        begins = text.rfind("\x1b", 0, last) if last == len(text) - 1 else -1
        for at in (begins, last):
            if at >= 0 and _OPEN_STRING.match(text, at):
                self._string = [text[at:]]
                self._string_size = len(text) - at
                return at
        if _OPEN.match(text, last):
            self._held = text[last:]
            return last
        return len(text)

    def _string_goes_on(self, text: str) -> tuple[str, str]:
        """The whole string sequence ("" while its end is missing) and the text behind it."""
        if not text:
            return "", ""
        if self._string[-1].endswith("\x1b"):
            if text[0] != "\\":
                # This ESC begins something else: the string is cancelled.
                whole = "".join(self._string)[:-1]
                self._string = []
                return whole, "\x1b" + text
            whole = "".join(self._string) + "\\"
            self._string = []
            return whole, text[1:]
        end = (_OSC_END if self._string[0].startswith("\x1b]") else _OTHER_END).search(text)
        if end is None:
            self._keep(text)
            return "", ""
        at = end.start()
        if text[at] == "\x1b":
            if at + 1 == len(text):
                self._keep(text)
                if not self._string[-1].endswith("\x1b"):
                    self._string.append("\x1b")
                return "", ""
            stop = at + 2 if text[at + 1] == "\\" else at
        else:
            stop = at + 1
        whole = "".join(self._string) + text[:stop]
        self._string = []
        return whole, text[stop:]

    def _keep(self, text: str) -> None:
        room = STRING_MOST + 64 - self._string_size
        if room > 0:
            self._string.append(text[:room])
            self._string_size += min(len(text), room)


# What a sequence is, once it is complete.
CSI = re.compile(r"\x1b\[([<=>?]?)([0-9;:]*)([ -/]*)([@-~])")
SGR = re.compile(r"\x1b\[[0-9;:]*m")
CONTROLS = re.compile(r"[\x00-\x17\x19\x1c-\x1f]")
