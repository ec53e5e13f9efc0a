"""Takes secrets out of text, in all forms in which tools print them."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

#: What stands where a secret was.
DOTS = "••••••"
#: Shorter ones are not replaced: every other word would be dots.
SHORTEST = 4
#: Shorter ones are only replaced where they stand alone: “main” may be a secret, “domain” is not.
FREE = 8
#: So much of a secret's beginning is taken for it, too: messages cut long words short.
CUT = 16
#: Secrets known at most; the one that was met longest ago goes first.
KEPT = 4_000
#: Characters of a line that are looked at; what is longer is found by its beginning.
LONGEST = 4_096

_TELLING = re.compile(r"KEY|TOKEN|SECRET|PASS|CREDENTIAL", re.IGNORECASE)
_NO_SECRET = re.compile(r"[/~.].*|[A-Za-z]+|[\d.:]+|true|false", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Index:
    """What is searched for: places where a form may begin, and the forms by their beginning."""

    starts: re.Pattern[str] | None
    forms: Mapping[str, tuple[str, ...]]

    def length_at(self, text: str, at: int) -> int:
        """Characters of a secret that begin at this place, 0 when none does."""
        forms = self.forms[text[at : at + SHORTEST]]
        for form in forms:  # the longest first
            if text.startswith(form, at) and (len(form) >= FREE or _alone(text, at, len(form))):
                return len(form)
        return max((_shared(form, text, at) for form in forms), default=0)


class Scrubber:
    """Knows every secret that was read or entered in this process; any thread may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[str, frozenset[str]] = {}
        self._index: _Index | None = _Index(None, {})

    def learn(self, value: str) -> None:
        """Remember a secret, as it was read or entered.

        Of two lines the first is a user name. Of a private key or a JSON object every line or value
        is a secret of its own, because tools print them so.
        """
        for unit in _units(value):
            with self._lock:
                forms = self._known.pop(unit, None)
                fresh = forms is None
                self._known[unit] = frozenset(_forms(unit)) if forms is None else forms
                if len(self._known) > KEPT:
                    del self._known[next(iter(self._known))]
                if fresh:
                    self._index = None

    def learn_environment(self, environ: Mapping[str, str]) -> None:
        """Remember the values of variables whose names speak of a secret (`…_TOKEN`)."""
        for name, value in environ.items():
            if _TELLING.search(name) and len(value) >= FREE and not _NO_SECRET.fullmatch(value):
                self.learn(value)

    def scrub(self, text: str) -> str:
        """The text with dots in the place of every known secret."""
        index = self._index or self._indexed()
        if index.starts is None or not text:
            return text
        made, end = [], 0
        for found in index.starts.finditer(text):
            at = found.start()
            if at < end:
                continue
            length = index.length_at(text, at)
            if length:
                made += [text[end:at], DOTS]
                end = at + length
        return "".join([*made, text[end:]]) if made else text

    def _indexed(self) -> _Index:
        with self._lock:
            if self._index is None:
                self._index = _make_index(set().union(*self._known.values()))
            return self._index


def _make_index(forms: Iterable[str]) -> _Index:
    by_start: dict[str, list[str]] = {}
    for form in sorted(forms, key=len, reverse=True):
        by_start.setdefault(form[:SHORTEST], []).append(form)
    if not by_start:
        return _Index(None, {})
    # Nothing is consumed, so that a false start does not hide a true one behind it.
    starts = re.compile(f"(?={_either(sorted(by_start))})")
    return _Index(starts, {start: tuple(found) for start, found in by_start.items()})


def _either(words: list[str]) -> str:
    """A pattern for words of one length; shared beginnings are looked at once."""
    if words == [""]:
        return ""
    by_first: dict[str, list[str]] = {}
    for word in words:
        by_first.setdefault(word[0], []).append(word[1:])
    parts = [re.escape(first) + _either(rest) for first, rest in by_first.items()]
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def _units(value: str) -> Iterator[str]:
    """The pieces of a value that are secret by themselves."""
    text = value.strip()
    lines = [line.strip() for line in text.splitlines()]
    if text.startswith("{"):
        yield from _values(text)
    elif len(lines) == 2:
        yield lines[1][:LONGEST]
    elif len(lines) > 2:
        yield from (
            line[:LONGEST]
            for line in lines
            if len(line) >= FREE and not line.startswith("--") and ": " not in line
        )
    elif len(text) >= SHORTEST:
        yield text[:LONGEST]


def _values(text: str) -> Iterator[str]:
    import json

    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        yield text[:LONGEST]
        return
    if isinstance(found, dict):
        for item in found.values():
            if isinstance(item, str) and not item.startswith("{"):
                yield from _units(item)


def _forms(unit: str) -> Iterator[str]:
    """How tools may print a secret; see `_plain_forms` and RFC 4648 for base64."""
    import base64  # here and below: nothing is known before the window shows

    raw = unit.encode("utf-8", "surrogatepass")
    for form in _plain_forms(unit, raw):
        if len(form) >= SHORTEST:
            yield form
    coded = [raw.hex(), raw.hex().upper()]
    for shift in range(3):
        # In a longer text the secret may begin at any bit of a group; the characters that also
        # hold bits of its neighbours are left out.
        whole = base64.b64encode(b"\0" * shift + raw).rstrip(b"=").decode()
        last = len(whole) if (shift + len(raw)) % 3 == 0 else -1
        core = whole[(0, 2, 3)[shift] : last]
        coded += [core, core.translate({ord("+"): "-", ord("/"): "_"})]
    yield from (form for form in coded if len(form) >= FREE)


def _plain_forms(unit: str, raw: bytes) -> Iterator[str]:
    """As it is, in URLs, in JSON, in Python's and C's quotes, in HTML, in shell words."""
    import json
    from urllib.parse import quote, quote_plus

    yield unit
    for quoted in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        yield quoted
        yield re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), quoted)
    yield json.dumps(unit)[1:-1]
    yield json.dumps(unit, ensure_ascii=False)[1:-1]
    yield repr(unit)[1:-1]
    yield repr(raw)[2:-1]
    yield unit.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    yield (
        unit.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#x27;")
    )
    yield unit.replace("'", "'\"'\"'")
    yield unit.replace("'", "'\\''")
    yield re.sub(r"([^\w@%+=:,./-])", r"\\\1", unit)


def _alone(text: str, at: int, length: int) -> bool:
    return not (text[at - 1 : at].isalnum() or text[at + length : at + length + 1].isalnum())


def _shared(form: str, text: str, at: int) -> int:
    """How much of a form's beginning stands here, when it is enough and looks like a token."""
    start = form[:CUT]
    if len(form) <= CUT or not text.startswith(start, at) or any(map(str.isspace, start)):
        return 0
    stands = text[at : at + len(form)]
    differ = (n for n, pair in enumerate(zip(form, stands, strict=False)) if pair[0] != pair[1])
    return next(differ, len(stands))
