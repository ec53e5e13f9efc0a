"""What a real xterm makes of sequences, cell by cell: `python -m tests.support.xterm_answers`.

Runs xterm on a virtual screen, writes each case into it, and asks it for the checksum of every cell
(DECRQCRA with all of xterm's checksumExtension: the sum of the code points in a cell). What it says
is kept in `tests/terminal/data/xterm_screens.json`, so that the tests need no xterm.

Left out are deleting before a wide character within left and right margins, after which xterm 379
shows only a half of it; and where nothing wraps, a wide character over the right edge, which xterm
does not show at all: ours is at the last two columns, because a cluster may become wide late.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import termios
import time
import tty
from pathlib import Path

COLUMNS, ROWS = 10, 4
KEPT = Path(__file__).parents[1] / "terminal" / "data" / "xterm_screens.json"
#: What xterm says of a cell that was never written, and of the right half of a wide character.
_TEXT = {0: " ", 0xFFFF: ""}
#: A screen full of text to erase in.
_FULL = "aaaaaaaaaa\r\nbbbbbbbbbb\r\ncccccccccc\r\ndddddddddd"
#: The same with a part of it protected, as ISO 6429 (SPA, EPA) or as DEC has it (DECSCA).
_ISO = "aaa\x1bVAAA\x1bWaaaa\r\nbbb\x1bVBBB\x1bWbbbb\r\ncccccccccc\r\n\x1bVDD\x1bWdddddddd\x1b[2;5H"
_DEC = _ISO.replace("\x1bV", '\x1b[1"q').replace("\x1bW", '\x1b[0"q')
_MARGINS = "\x1b[?69h\x1b[3;7s"
_ROWS = f"{_FULL}{_MARGINS}\x1b[2;3r\x1b[2;6H\u6f22\x1b[3;4H\u5b57"
_ERASURES = {
    "EL": "\x1b[K",
    "EL 1": "\x1b[1K",
    "EL 2": "\x1b[2K",
    "ED": "\x1b[J",
    "ED 1": "\x1b[1J",
    "ED 2": "\x1b[2J",
    "ECH": "\x1b[9X",
    "DECSEL": "\x1b[?K",
    "DECSEL 1": "\x1b[?1K",
    "DECSEL 2": "\x1b[?2K",
    "DECSED": "\x1b[?J",
    "DECSED 1": "\x1b[?1J",
    "DECSED 2": "\x1b[?2J",
    "DECERA": "\x1b[1;1;4;10$z",
    "DECSERA": "\x1b[1;1;4;10${",
    "DECFRA": "\x1b[120;1;1;4;10$x",
    "DCH": "\x1b[2P",
    "ICH": "\x1b[2@",
    "IL": "\x1b[L",
    "DL": "\x1b[M",
    "written over": "\x1b[2;1Hxxxxxxxxxx",
    "EL without protecting any more": '\x1b[0"q\x1bW\x1b[2K',
    "EL after a soft reset": "\x1b[!p\x1b[2;5H\x1b[2K",
}
_WIDE = {
    "at the edge": "12345678\u6f22",
    "over the edge": "123456789\u6f22",
    "behind the edge": "1234567890\u6f22",
    "over the edge, then more": "123456789\u6f22x",
    "over the edge of the last row": "\x1b[4;1H123456789\u6f22",
    "behind a wide one at the edge without wrapping": "\x1b[?7l12345678\u6f22\u5b57",
    "narrow behind a wide one at the edge without wrapping": "\x1b[?7l12345678\u6f22x",
    "on the last column by its number": "\x1b[1;10H\u6f22",
    "on the last column, then back": "\x1b[1;10H\u6f22\bx",
    "narrow over its left half": "a\u6f22b\x1b[1;2Hx",
    "narrow over its right half": "a\u6f22b\x1b[1;3Hx",
    "wide over two halves": "\u6f22\u5b57\x1b[1;2H\u8a9e",
    "wide over a narrow one and a left half": "a\u6f22b\x1b[1;1H\u5b57",
    "inserted within": "a\u6f22b\x1b[1;3H\x1b[@",
    "inserted before, to the edge": "abcdefgh\u6f22\x1b[1;1H\x1b[@",
    "deleted, its left half": "a\u6f22bc\x1b[1;2H\x1b[P",
    "deleted, its right half": "a\u6f22bc\x1b[1;3H\x1b[P",
    "erased, its left half": "a\u6f22b\x1b[1;2H\x1b[X",
    "erased, its right half": "a\u6f22b\x1b[1;3H\x1b[X",
    "erased to the end from its right half": "a\u6f22b\x1b[1;3H\x1b[K",
    "erased to the begin up to its left half": "a\u6f22b\x1b[1;2H\x1b[1K",
    "insert mode": "abcdefghij\x1b[1;3H\x1b[4h\u6f22",
    "insert mode on the last column": "abcdefghij\x1b[1;10H\x1b[4h\u6f22",
    "insert mode pushes one over the edge": "abcdefgh\u6f22\x1b[1;1H\x1b[4hx",
    "repeated": "\u6f22\x1b[3b",
    "repeated over the edge": "12345\u6f22\x1b[3b",
    "combining behind the edge": "123456789e\u0301x",
    "over the edge, over a narrow one": "abcdefghij\x1b[1;10H\u6f22",
    "over the edge, over a half": "abcdefgh\u6f22\x1b[1;10H\u5b57",
    "not wrapping, over a half": "abcdefgh\u6f22\x1b[?7l\x1b[1;10H\u5b57x",
    "not wrapping, over a half at the right margin": _MARGINS + "\x1b[?7l\x1b[1;3Habc\u6f22\u5b57",
    "over a narrow one at the right margin": "abcdefghij" + _MARGINS + "\x1b[1;7H\u6f22",
    "at the right margin": _MARGINS + "\x1b[1;6H\u6f22x",
    "over the right margin": _MARGINS + "\x1b[1;7H\u6f22x",
    "right of the margins, over the edge": _MARGINS + "\x1b[1;10H\u6f22x",
    "inserted within margins": "12345\u6f22890" + _MARGINS + "\x1b[1;4H\x1b[@",
    "backspaces": "a\u6f22\b\bx",
    "tab over it": "\u6f22\tx",
    "filled": "\x1b[1;1H\u6f22\x1b[120;1;2;2;4$x",
    "copied, half": "a\u6f22b\x1b[1;1;1;2;1;3;1;1$v",
    "scrolled left": "\u6f22\u5b57abc\x1b[ @",
    "scrolled right": "abcdef\u6f22\u5b57\x1b[ A",
    "scrolled left within margins": _ROWS + "\x1b[2;5H\x1b[2 @",
    "scrolled right within margins": _ROWS + "\x1b[2;5H\x1b[2 A",
    "scrolled left from outside": _ROWS + "\x1b[1;1H\x1b[2 @",
    "scrolled right from outside": _ROWS + "\x1b[4;9H\x1b[2 A",
    "scrolled left from beside": _ROWS + "\x1b[2;9H\x1b[2 @",
    "scrolled left by all": _ROWS + "\x1b[2;5H\x1b[99 @",
    "scrolled right in colour": "abc\u6f22\x1b[44m\x1b[3 A",
    "column inserted": "a\u6f22b\x1b[1;3H\x1b['}",
    "column deleted": "a\u6f22b\x1b[1;3H\x1b['~",
}
CASES = {
    **{f"protected by SPA: {name}": _ISO + code for name, code in _ERASURES.items()},
    **{f"protected by DECSCA: {name}": _DEC + code for name, code in _ERASURES.items()},
    **{f"not protected: {name}": f"{_FULL}\x1b[2;5H{code}" for name, code in _ERASURES.items()},
    **{f"wide: {name}": code for name, code in _WIDE.items()},
}


def record() -> None:
    """Ask xterm about all cases and keep what it says."""
    version = subprocess.run(["xterm", "-v"], capture_output=True, text=True, check=True).stdout
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "answers"
        env = {**os.environ, "LC_ALL": "C.UTF-8"}
        options = ["allowWindowOps: true", "checksumExtension: 63", "decTerminalID: 420"]
        xrm = [word for option in options for word in ("-xrm", f"XTerm*{option}")]
        argv = ["xterm", "-u8", *xrm, "-geometry", f"{COLUMNS}x{ROWS}", "-e"]
        inside = [sys.executable, "-m", "tests.support.xterm_answers", str(out)]
        subprocess.run(["xvfb-run", "-a", *argv, *inside], env=env, check=True)
        screens = json.loads(out.read_text())
    told = {"xterm": version.strip(), "columns": COLUMNS, "rows": ROWS, "screens": screens}
    KEPT.write_text(json.dumps(told, indent=0, ensure_ascii=False) + "\n")


def ask(out: Path) -> None:
    """Inside xterm: write each case, and read the screen back."""
    tty.setraw(0, termios.TCSANOW)
    time.sleep(0.5)  # xterm chooses its size
    screens: dict[str, list[object]] = {}
    for name, code in CASES.items():
        os.write(1, b"\x1bc\x1b[?69l" + code.encode())
        os.write(1, b"\x1b[6n")
        place = _answer(rb"\x1b\[(\d+);(\d+)R")
        cells = []
        for row in range(1, ROWS + 1):
            for column in range(1, COLUMNS + 1):
                os.write(1, b"\x1b[7;1;%d;%d;%d;%d*y" % (row, column, row, column))
                told = int(_answer(rb"\x1bP7!~([0-9A-F]+)\x1b\\")[0], 16)
                cells.append(_TEXT.get(told, chr(told)))
        text = ["".join(cells[at : at + COLUMNS]) for at in range(0, len(cells), COLUMNS)]
        screens[name] = [[int(part) for part in place], *(row.rstrip() for row in text)]
    out.write_text(json.dumps(screens))


def _answer(pattern: bytes) -> tuple[bytes, ...]:
    got = b""
    while not (found := re.search(pattern, got)):
        got += os.read(0, 4096)
    return found.groups()


if __name__ == "__main__":
    ask(Path(sys.argv[1])) if len(sys.argv) > 1 else record()
