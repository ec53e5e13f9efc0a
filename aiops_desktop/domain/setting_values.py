"""What a setting's text means, and whether it can be taken."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

from aiops_desktop.domain.settings import Schema

_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}
#: Characters of a bad value that are repeated in the sentence about it.
_SHOWN = 40


def parse(item: Schema, raw: object) -> object:
    """A raw value as the schema wants it.

    Raises:
        ValueError: with a sentence for the person.
    """
    value = _typed(item, raw)
    known = item.option
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if known.minimum is not None and value < known.minimum:
            raise ValueError(f"{value:g} is less than {known.minimum:g}.")
        if known.maximum is not None and value > known.maximum:
            raise ValueError(f"{value:g} is more than {known.maximum:g}.")
    if known.choices and value not in known.choices:
        raise ValueError(f"It must be one of {', '.join(known.choices)}.")
    check = _CHECKS.get(known.kind)
    if check and value:
        check(str(value))
    return value


def text(value: object) -> str:
    """A value as one would type it: 15, not 15.0; true, not True."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def database_name(address: str) -> str:
    """The file that a database's address names: SQLAlchemy's form, without what follows a “?”.

    Three slashes and a relative path, or four and an absolute one.

    Raises:
        ValueError: not an SQLite file; the sentence says what is supported.
    """
    scheme, separator, rest = address.strip().partition("://")
    kind = scheme.partition("+")[0].lower()
    if separator and kind in ("postgresql", "postgres"):
        raise ValueError(
            "PostgreSQL is not supported yet. Write sqlite:///name.db, or leave it empty."
        )
    if not separator or kind != "sqlite":
        raise ValueError(
            f"“{scheme[:20]}” is no database this program can keep. "
            "Write sqlite:///name.db, or leave it empty."
        )
    name = unquote(rest.partition("?")[0]).removeprefix("/")
    if not name or name == ":memory:":
        raise ValueError("It names no file. Write sqlite:///name.db, or leave it empty.")
    return name


def _typed(item: Schema, raw: object) -> object:
    said = str(raw).strip()
    if item.type is bool:
        if isinstance(raw, bool):
            return raw
        if said.lower() in _TRUE | _FALSE:
            return said.lower() in _TRUE
        raise ValueError(f"“{said[:_SHOWN]}” is neither true nor false.")
    if item.type in (int, float):
        return _number(item, said) if said else item.default
    if "\n" in said or "\r" in said or "\0" in said:
        raise ValueError("It has a line break in it.")
    return said


def _number(item: Schema, said: str) -> float | int:
    try:
        number = float(said)
    except ValueError:
        raise ValueError(f"“{said[:_SHOWN]}” is not a number.") from None
    if not math.isfinite(number):
        raise ValueError("It is not a usable number.")
    if item.type is int:
        if number != int(number):
            raise ValueError(f"“{said[:_SHOWN]}” is not a whole number.")
        return int(number)
    return number


def _url(value: str) -> None:
    wrong = ValueError("An address starts with http:// or https:// and names a host.")
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise wrong


def _email(value: str) -> None:
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", value):
        raise ValueError("This is not an e-mail address.")


def _command(value: str) -> None:
    try:
        shlex.split(value)
    except ValueError:
        raise ValueError("A quotation mark in this command is not closed.") from None


def _database(value: str) -> None:
    database_name(value)


_CHECKS: dict[str, Callable[[str], object]] = {
    "url": _url,
    "email": _email,
    "command": _command,
    "assistant": _command,
    "database": _database,
}
