"""Finds addresses in a line of text."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"(?:https?|ftp|file|ssh)://[^\s<>\"'`\u2500-\u257f]+", re.IGNORECASE)
_TRAILING = ".,;:!?"
_PAIRS = {")": "(", "]": "[", "}": "{"}


def address_at(text: str, column: int) -> str:
    """The address around a column of a text, "" for none.

    A full stop behind an address is not part of it, nor a bracket that was opened before it.
    """
    for found in _ADDRESS.finditer(text):
        if found.start() <= column < found.end():
            address = _trimmed(found.group())
            return address if column < found.start() + len(address) else ""
    return ""


def _trimmed(address: str) -> str:
    while address:
        last = address[-1]
        unopened = last in _PAIRS and address.count(last) > address.count(_PAIRS[last])
        if last not in _TRAILING and not unopened:
            break
        address = address[:-1]
    return address
