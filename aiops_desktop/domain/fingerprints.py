"""Fingerprints of public keys, in the three forms people compare: SHA-256, MD5 and a picture."""

from __future__ import annotations

import base64
import binascii
import hashlib

#: The board of OpenSSH's picture and the signs for how often a field was visited (sshkey.c,
#: fingerprint_randomart; the walk is described in "The drunken bishop", Loss et al., 2009).
_WIDTH, _HEIGHT = 17, 9
_SIGNS = " .o+=*BOX@%&#/^SE"


def blob_of(public: str) -> bytes:
    """The key itself in a public line ("type base64 comment"), b"" when it is none."""
    words = public.split()
    try:
        return base64.b64decode(words[1], validate=True)
    except (IndexError, ValueError, binascii.Error):
        return b""


def sha256(blob: bytes) -> str:
    """As `ssh-keygen -l` prints it: "SHA256:…"."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def md5(blob: bytes) -> str:
    """As `ssh-keygen -l -E md5` prints it: "MD5:aa:bb:…"; older forges show this one."""
    digest = hashlib.md5(blob, usedforsecurity=False).hexdigest()
    return "MD5:" + ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def randomart(blob: bytes, kind: str, bits: int) -> str:
    """The picture `ssh-keygen -lv` draws of the SHA-256 fingerprint, eleven lines.

    Args:
        blob: the public key.
        kind: its type as OpenSSH writes it into the frame, such as "ED25519" or "RSA".
        bits: its size.
    """
    board = _walked(hashlib.sha256(blob).digest())
    title = f"[{kind} {bits}]"
    if len(title) > _WIDTH:
        title = f"[{kind}]"
    lines = [_frame(title)]
    lines += ["|" + "".join(_SIGNS[count] for count in row) + "|" for row in board]
    return "\n".join([*lines, _frame("[SHA256]")])


def _walked(digest: bytes) -> list[list[int]]:
    most = len(_SIGNS) - 1
    board = [[0] * _WIDTH for _ in range(_HEIGHT)]
    x, y = _WIDTH // 2, _HEIGHT // 2
    for byte in digest:
        for step in range(4):
            pair = byte >> (2 * step)
            x = min(max(x + (1 if pair & 1 else -1), 0), _WIDTH - 1)
            y = min(max(y + (1 if pair & 2 else -1), 0), _HEIGHT - 1)
            board[y][x] = min(board[y][x] + 1, most - 2)
    board[_HEIGHT // 2][_WIDTH // 2] = most - 1
    board[y][x] = most
    return board


def _frame(title: str) -> str:
    left = (_WIDTH - len(title)) // 2
    return "+" + "-" * left + title + "-" * (_WIDTH - len(title) - left) + "+"
