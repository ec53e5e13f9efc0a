"""Palettes from Konsole's files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aiops_desktop.ui.terminal.colours import DARK, LIGHT
from aiops_desktop.ui.terminal.schemes import Shelf, read

SOLARISED = """\
[Background]
Color=0,43,54

[BackgroundIntense]
Color=7,54,66

[Color0]
Color=7,54,66

[Color0Intense]
Color=0,43,54

[Color1]
Color=#dc322f

[Color4]
Color=38,139,210

[Foreground]
Color=131,148,150

[General]
Description=Solarized
Opacity=1
"""


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    made = Shelf()
    made.add_folder(tmp_path)
    return made


def test_a_konsole_file_becomes_a_palette(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "Solarized.colorscheme").write_text(SOLARISED)
    assert shelf.available() == ["light", "dark", "Solarized"]
    found = shelf.scheme("Solarized")
    assert (found.ground, found.text, found.cursor) == ("#002b36", "#839496", "#839496")
    assert (found.ansi[0], found.ansi[8]) == ("#073642", "#002b36")
    assert (found.ansi[1], found.ansi[9]) == ("#dc322f", "#dc322f"), "bright follows plain"
    assert found.ansi[2] == DARK.ansi[2], "what is missing comes from the palette most like it"
    assert found.selection not in (found.ground, found.text)


def test_the_built_in_palettes_cannot_be_replaced(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "dark.colorscheme").write_text(SOLARISED)
    assert shelf.available() == ["light", "dark"]
    assert shelf.scheme("dark") is DARK
    assert shelf.scheme("light") is LIGHT


def test_a_palette_can_be_named_by_its_path(shelf: Shelf, tmp_path: Path) -> None:
    elsewhere = tmp_path / "other" / "mine.colorscheme"
    elsewhere.parent.mkdir()
    elsewhere.write_text("[Foreground]\nColor=0,0,0\n[Background]\nColor=255,255,240\n")
    found = shelf.scheme(str(elsewhere))
    assert found.ground == "#fffff0"
    assert found.ansi == LIGHT.ansi


def test_a_file_that_changed_is_read_again(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "mine.colorscheme"
    path.write_text("[Background]\nColor=1,2,3\n")
    assert shelf.scheme("mine").ground == "#010203"
    path.write_text("[Background]\nColor=3,2,1\n")
    # Some file systems keep time in steps longer than this takes.
    now = path.stat()
    os.utime(path, ns=(now.st_atime_ns, now.st_mtime_ns + 10))
    assert shelf.scheme("mine").ground == "#030201"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no ini at all",
        b"\xff\xfe\x00broken\x00",
        b"[General]\nDescription=no colours\n",
        b"[Background]\nColor=1,2\n",
        b"[Background]\nColor=red,green,blue\n",
        b"[Background]\nColor=900,0,0\n",
        b"[Background]\nColor\n",
        b"[Background\nColor=1,2,3\n",
        b"[Background]\nColor=1,2,3\n" + b"#" * 70_000,
    ],
)
def test_nonsense_is_no_palette(shelf: Shelf, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.colorscheme").write_bytes(content)
    with pytest.raises(KeyError):
        shelf.scheme("bad")


def test_single_bad_colours_do_not_spoil_a_palette(tmp_path: Path) -> None:
    path = tmp_path / "half.colorscheme"
    path.write_text("[Background]\nColor=0,0,0\n[Color1]\nColor=1,x,2\n[Color2]\nColor=#zzz\n")
    found = read(path)
    assert found.ansi[1:3] == DARK.ansi[1:3]


def test_a_missing_folder_and_a_missing_name(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add_folder(tmp_path / "nowhere")
    assert shelf.available() == ["light", "dark"]
    with pytest.raises(KeyError):
        shelf.scheme("nobody")
