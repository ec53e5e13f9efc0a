"""Keys send what xterm sends, key by key as measured; and what kitty's protocol says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aiops_desktop.terminal.emulator import Emulator
from aiops_desktop.terminal.keys import NAMES, Modifier, Stroke, key_bytes
from aiops_desktop.terminal.modes import Modes

S, A, C, M = Modifier.SHIFT, Modifier.ALT, Modifier.CTRL, Modifier.META
NONE = Modifier.NONE
HELD = (NONE, S, C, A, C | S, C | A, S | A, C | S | A)
ASKED = {
    "plain": b"",
    "decckm": b"\x1b[?1h",
    "deckpam": b"\x1b=",
    "mok1": b"\x1b[>4;1m",
    "mok2": b"\x1b[>4;2m",
}
PAD = {"kp_add": "+", "kp_subtract": "-", "kp_multiply": "*", "kp_divide": "/", "kp_decimal": "."}
PAD |= {"kp_separator": ",", "kp_equal": "=", "kp_0": "0", "kp_1": "1", "kp_5": "5", "kp_9": "9"}

Row = tuple[str, str, list[str]]


def measured() -> list[Row]:
    rows: list[Row] = []
    text = (Path(__file__).parent / "data" / "xterm_keys.tsv").read_text()
    for line in text.splitlines():
        if not line.startswith("#"):
            mode, key, *sent = line.split("\t")
            rows.append((mode, key, sent))
    return rows


def modes(sequence: bytes = b"") -> Modes:
    emulator = Emulator(80, 24)
    emulator.feed(sequence)
    return emulator.modes


def spelled(data: bytes) -> str:
    shown = ""
    for char in data.decode():
        lone = char in " ?" and len(data) == 1
        if char == "\x1b":
            shown += "^["
        elif ord(char) < 32 or ord(char) == 127 or lone or char == "\\":
            shown += f"\\x{ord(char):02x}"
        else:
            shown += char
    return shown


def deviates(mode: str, held: Modifier) -> bool:
    """With Alt, xterm's modifyOtherKeys 1 drops Alt from some reports; ours tell it."""
    return mode == "mok1" and bool(held & A) and bool(held & ~A)


@pytest.mark.parametrize(("mode", "key", "sent"), measured(), ids=lambda value: str(value)[:20])
def test_a_key_sends_what_xterm_sends(mode: str, key: str, sent: list[str]) -> None:
    asked = modes(ASKED[mode])
    for held, expected in zip(HELD, sent, strict=True):
        if expected == "?" or deviates(mode, held):
            continue
        if key in NAMES:
            name, text = key, PAD.get(key, "")
        else:
            name, text = "", key[2] if held & S else key[0]
        assert spelled(key_bytes(name, text, held, asked)) == expected, held


def test_the_table_names_every_key() -> None:
    keys = {key for _, key, _ in measured()}
    assert {name for name in NAMES if not name.startswith("kp_")} <= keys


def test_the_keypad_tells_its_digits_when_num_lock_is_nothing_special() -> None:
    asked = modes(b"\x1b=\x1b[?1035l")
    assert [key_bytes(f"kp_{at}", str(at), NONE, asked) for at in (0, 9)] == [b"\x1bOp", b"\x1bOy"]
    assert key_bytes("kp_5", "5", C, asked) == b"\x1bO5u"


def test_other_modes_of_the_keyboard() -> None:
    assert key_bytes("backspace", "", NONE, modes(b"\x1b[?67h")) in (b"\x08", b"\x7f")
    assert key_bytes("return", "", NONE, modes(b"\x1b[20h")) == b"\r\n"
    assert key_bytes("", "a", A, replace(modes(), meta_sends_escape=False)) == b"a"
    assert key_bytes("backspace", "", NONE, replace(modes(), backarrow_sends_backspace=True)) == (
        b"\x08"
    )


def test_text_beyond_ascii_is_sent_as_utf_8() -> None:
    for text in ("ü", "Ж", "漢", "🙂", "e\u0301"):
        assert key_bytes("", text, NONE, modes()) == text.encode()
        assert key_bytes("", text, S, modes(b"\x1b[>4;2m")) == text.encode()
        assert key_bytes("", text, A, modes()) == b"\x1b" + text.encode()


@pytest.mark.parametrize(
    ("name", "text", "held", "expected"),
    [
        ("", "a", NONE, b"a"),
        ("", "A", S, b"A"),
        ("", "a", C, b"\x1b[97;5u"),
        ("", "A", C | S, b"\x1b[97;6u"),
        ("", "a", A, b"\x1b[97;3u"),
        ("", "ж", C, b"\x1b[1078;5u"),
        ("", "i", C, b"\x1b[105;5u"),
        ("escape", "", NONE, b"\x1b[27u"),
        ("escape", "", A, b"\x1b[27;3u"),
        ("return", "", NONE, b"\r"),
        ("return", "", S, b"\x1b[13;2u"),
        ("tab", "", NONE, b"\t"),
        ("tab", "", C, b"\x1b[9;5u"),
        ("tab", "", S, b"\x1b[9;2u"),
        ("backspace", "", NONE, b"\x7f"),
        ("backspace", "", C, b"\x1b[127;5u"),
        ("space", " ", NONE, b" "),
        ("space", " ", C, b"\x1b[32;5u"),
        ("up", "", NONE, b"\x1b[A"),
        ("up", "", C, b"\x1b[1;5A"),
        ("home", "", M, b"\x1b[1;9H"),
        ("page_up", "", NONE, b"\x1b[5~"),
        ("delete", "", S, b"\x1b[3;2~"),
        ("f1", "", NONE, b"\x1b[P"),
        ("f3", "", NONE, b"\x1b[13~"),
        ("f3", "", S, b"\x1b[13;2~"),
        ("f12", "", C, b"\x1b[24;5~"),
        ("f13", "", NONE, b"\x1b[57376u"),
        ("f20", "", NONE, b"\x1b[57383u"),
        ("menu", "", NONE, b"\x1b[57363u"),
        ("kp_5", "5", NONE, b"5"),
        ("kp_5", "5", C, b"\x1b[57404;5u"),
        ("kp_enter", "\r", NONE, b"\x1b[57414u"),
    ],
)
def test_kittys_flag_1_tells_keys_apart(
    name: str, text: str, held: Modifier, expected: bytes
) -> None:
    for asked in (modes(b"\x1b[>1u"), modes(b"\x1b[?1h\x1b[>1u")):
        assert key_bytes(name, text, held, asked) == expected
        assert key_bytes(name, text, held, asked, Stroke.REPEAT) == expected
        assert key_bytes(name, text, held, asked, Stroke.RELEASE) == b""


@pytest.mark.parametrize(
    ("name", "text", "held", "repeat", "release"),
    [
        ("", "a", NONE, b"a", b""),
        ("", "a", C, b"\x1b[97;5:2u", b"\x1b[97;5:3u"),
        ("up", "", NONE, b"\x1b[1;1:2A", b"\x1b[1;1:3A"),
        ("f5", "", S, b"\x1b[15;2:2~", b"\x1b[15;2:3~"),
        ("return", "", NONE, b"\r", b""),
        ("escape", "", NONE, b"\x1b[27;1:2u", b"\x1b[27;1:3u"),
    ],
)
def test_kittys_flag_2_tells_repeats_and_releases(
    name: str, text: str, held: Modifier, repeat: bytes, release: bytes
) -> None:
    asked = modes(b"\x1b[>3u")
    assert key_bytes(name, text, held, asked, Stroke.REPEAT) == repeat
    assert key_bytes(name, text, held, asked, Stroke.RELEASE) == release


def test_without_kittys_protocol_releases_send_nothing() -> None:
    assert key_bytes("up", "", NONE, modes(), Stroke.RELEASE) == b""
