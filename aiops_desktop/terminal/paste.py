"""Makes text from the clipboard safe to send to a terminal."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable

#: Everything but tab and line ends; the C1 controls too. ESC would let a text end bracketed paste.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def cleaned(text: str) -> str:
    """The text without control characters but tab; line ends become what Return sends."""
    return _UNWANTED.sub("", text.replace("\r\n", "\r").replace("\n", "\r"))


def pasted(text: str, *, bracketed: bool) -> bytes:
    """The bytes of a paste; `bracketed` when the program asked for marks around it (2004)."""
    sent = cleaned(text).encode("utf-8", "replace")
    return b"\x1b[200~" + sent + b"\x1b[201~" if bracketed else sent


def several_lines(text: str) -> bool:
    """Whether pasting this would end a line, so that a shell would run it."""
    return "\r" in cleaned(text)


def quoted_paths(paths: Iterable[str]) -> str:
    """Paths as a shell takes them, for files dropped onto the terminal."""
    return " ".join(shlex.quote(path) for path in paths)
