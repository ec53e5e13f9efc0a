"""Names people give, and the slugs that become folders, tmux sessions and branches."""

from __future__ import annotations

import re
import unicodedata
import zlib

from aiops_desktop.domain.trouble import Refused

MAX_NAME = 100
MAX_SLUG = 48


def checked_name(text: str, noun: str, *, field: str = "name") -> str:
    """The name without blanks around it.

    Args:
        text: what the person typed; any script and emoji are fine.
        noun: the word for the sentence, such as "tenant".
        field: the form field a refusal belongs to.

    Raises:
        Refused: empty, too long, or with control characters or slashes.
    """
    name = unicodedata.normalize("NFC", text).strip()
    if not name:
        raise Refused(f"The {noun} needs a name.", "Type a name.", field=field)
    if len(name) > MAX_NAME:
        raise Refused(
            f"The name has {len(name)} characters; {MAX_NAME} are the most.",
            "Shorten it.",
            field=field,
        )
    if any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} for c in name):
        raise Refused(
            "The name has a line break or a control character in it.", "Remove it.", field=field
        )
    if "/" in name or "\\" in name or name in {".", ".."}:
        raise Refused(
            "A name cannot hold a slash; it becomes a folder.", "Use a dash.", field=field
        )
    return name


def short_mark(text: str) -> str:
    """Eight hexadecimal digits that tell a few texts apart (CRC-32; nothing is secured by it)."""
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}"


def slug(name: str) -> str:
    """A name made fit for folders, sockets and tmux: lower-case letters, digits and dashes.

    Never empty, never starts with a dash, at most `MAX_SLUG` characters. Names that have nothing
    but other characters (emoji, other scripts) get a short hash, so that two of them stay apart.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    made = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_SLUG].rstrip("-")
    if made:
        return made
    return "x" + short_mark(name)


def free_slug(name: str, taken: frozenset[str] | set[str]) -> str:
    """The slug of a name, with a number behind it when another name has it already."""
    base = slug(name)
    made, number = base, 2
    while made in taken:
        tail = f"-{number}"
        made, number = base[: MAX_SLUG - len(tail)].rstrip("-") + tail, number + 1
    return made
