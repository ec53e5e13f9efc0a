"""What is painted: shapes against stored pictures, text by where its ink is."""

from __future__ import annotations

import itertools
import random

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from aiops_desktop.terminal.styles import style
from aiops_desktop.ui.terminal.caret import Caret
from aiops_desktop.ui.terminal.colours import DARK, LEGIBLE, LIGHT, Palette, contrast, lifted
from aiops_desktop.ui.terminal.runs import NO_MARKS, Marks
from tests.support.painting import Easel, colours_in, inked, pixels, resembles

pytestmark = pytest.mark.usefixtures("qapp")

SCALES = (1.0, 1.5, 2.0)
E = "\x1b"
_BOXES = (
    "┌──┬──┐ ┏━━┳━━┓ ╔══╦══╗",
    "│  │  │ ┃  ┃  ┃ ║  ║  ║",
    "├──┼──┤ ┣━━╋━━┫ ╠══╬══╣",
    "└──┴──┘ ┗━━┻━━┛ ╚══╩══╝",
    "╭─╮╱╲╳ ┄┅┈┉╌╍ ╓╥╖╒╤╕╟╢╞╡",
    "╰─╯┆┇┊ ╎╏╴╵╶╷ ╙╨╜╘╧╛╫╪┠┨",
    "┍┎┝┞┟┡┢┥┦┧┩┪┭┮┱┲┵┶┹┺┽┾╀╁",
    "╂╃╄╅╆╇╈╉╊╼╽╾╿┰┸┿┯┷┑┕┙┚┒┖",
)
_BLOCKS = (
    "▀▁▂▃▄▅▆▇█▉▊▋▌▍▎▏▐░▒▓▔▕▖▗",
    "▘▙▚▛▜▝▞▟⠁⠃⠇⡇⣇⣧⣷⣿⠿⢸⡀⢀⠛⣀⣤⣶",
    "\ue0b0\ue0b1\ue0b2\ue0b3\ue0b4\ue0b5\ue0b6\ue0b7\ue0b8\ue0b9\ue0ba\ue0bb\ue0bc\ue0bd\ue0be\ue0bf",
    "".join(map(chr, range(0x1FB00, 0x1FB18))),
    "".join(map(chr, range(0x1FB3C, 0x1FB54))),
    "".join(map(chr, range(0x1FB54, 0x1FB6C))),
    "".join(map(chr, range(0x1FB6C, 0x1FB84))),
    "████████▄▄▄▄▄▄▄▄▀▀▀▀▀▀▀▀",
)


def coloured(count: int) -> str:
    """Blanks, each on its own ground."""
    return "".join(f"{E}[48;2;{10 * at};{255 - 10 * at};128m " for at in range(count)) + f"{E}[m"


def lines_scene() -> str:
    kinds = [f"{E}[{kind}m    " for kind in ("4", "4:2", "4:3", "4:4", "4:5", "9")]
    red = [f"{E}[58:2::200:0:0;{kind}m    " for kind in ("4", "4:2", "4:3", "4:4", "4:5", "53")]
    reversed_ = f"{E}[7m    {E}[27m{E}[41m    {E}[42;4m    {E}[m    {E}[2;7m    "
    return f"{E}[m".join(
        (
            "".join(f"{E}[m{part}" for part in kinds) + "\r\n",
            "".join(f"{E}[m{part}" for part in red) + "\r\n",
            reversed_ + "\r\n",
            coloured(24) + "\r\n",
            "".join(f"{E}[38;5;{52 + at}m{'█▄▀▌'[at % 4]}" for at in range(24)) + "\r\n",
            "".join(f"{E}[4:{1 + at % 5};38;5;{52 + at}m " for at in range(24)) + "\r\n",
        )
    )


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("dark", [False, True])
def test_shapes_look_as_stored(scale: float, dark: bool) -> None:
    scenes = {"boxes": "\r\n".join(_BOXES), "blocks": "\r\n".join(_BLOCKS), "lines": lines_scene()}
    for name, scene in scenes.items():
        if dark and name != "lines":
            continue
        easel = Easel(scale=scale, fixed=True, colours=DARK if dark else LIGHT).feed(scene)
        resembles(easel.picture(), f"{name}{'-dark' if dark else ''}-{scale:g}")


@pytest.mark.parametrize("scale", SCALES)
def test_cursors_and_marks_look_as_stored(scale: float) -> None:
    pictures = []
    shapes = ("block", "underline", "bar")
    carets = [Caret(shape, focus=True, lit=True) for shape in shapes]
    carets += [Caret("block", focus=False, lit=True), Caret("block", focus=True, lit=False)]
    marks = Marks(((1, 5, 0xC2D3F4), (3, 7, 0xDCCEB2), (8, 9, 0x8A5A00)), ((2, 6),))
    for caret in carets:
        easel = Easel(10, 2, scale=scale, fixed=True).feed("\r\n██  ▄")
        easel.feed("\b" if caret.focus else "")
        pictures.append(easel.picture([marks, NO_MARKS], caret))
    whole = QImage(pictures[0].width(), 0, QImage.Format.Format_RGB32)
    for picture in pictures:
        whole = stacked(whole, picture)
    resembles(whole, f"cursors-{scale:g}")


def stacked(above: QImage, below: QImage) -> QImage:
    made = QImage(below.width(), above.height() + below.height(), QImage.Format.Format_RGB32)
    for y in range(made.height()):
        for x in range(made.width()):
            source, at = (above, y) if y < above.height() else (below, y - above.height())
            made.setPixel(x, y, source.pixel(x, at))
    return made


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 1.75, 2.0])
@pytest.mark.parametrize("size", [11, 13, 17])
def test_boxes_and_blocks_leave_no_seams(scale: float, size: int) -> None:
    easel = Easel(6, 4, scale=scale)
    easel.font.width, easel.font.height = round(size * 0.62 * scale), round(size * 1.4 * scale)
    easel.renderer.set_font(easel.font)
    easel.renderer.set_size(6, 4)
    easel.feed(f"{E}[H" + "\r\n".join(["██████"] * 4))
    assert len(set(pixels(easel.picture()))) == 1, "a full screen of full blocks is one colour"
    easel.feed(f"{E}[H{E}[2J" + "┌────┐\r\n│\r\n│\r\n└────┘")
    image = easel.picture()
    top = [
        y for y in range(easel.font.height) if QColor(image.pixel(image.width() // 2, y)) != GROUND
    ]
    for y in top:
        row = {image.pixel(x, y) for x in range(easel.font.width, 5 * easel.font.width)}
        assert len(row) == 1, "a line goes on from cell to cell"
    x = min(x for x, y in inked(image) if y > easel.font.height)
    column = {image.pixel(x, y) for y in range(top[0], image.height() - easel.font.height)}
    assert len(column) == 1


GROUND = QColor("#ffffff")


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("many", [False, True], ids=["few styles", "many styles"])
def test_ink_stays_in_its_cell(scale: float, many: bool) -> None:
    """In a row of few styles, and in one that is painted with a colour a cell."""
    easel = Easel(40, 2, scale=scale)
    for at in range(40):
        colour = f"{E}[38;2;{at * 3};0;{100 - at}m" if many else ""
        easel.feed(f"{colour}{'x' if at % 2 else ' '}")
    image = easel.picture()
    for at in range(40):
        ink = inked(easel.cell(image, 0, at))
        assert bool(ink) == bool(at % 2), f"cell {at}"


def test_wide_emoji_and_combined_cells_keep_the_grid() -> None:
    easel = Easel(32, 2).feed("漢字|한국|🚀🚀|e\u0301e\u0301|→→|שלום|x")
    image = easel.picture()
    grid = easel.emulator.grid[0].chars
    bars = [at for at, char in enumerate(grid) if char == "|"]
    assert len(bars) == 6
    middles = set()
    for at in bars:
        xs = sorted({x for x, _ in inked(easel.cell(image, 0, at))})
        middles.add((xs[0], xs[-1]))
    assert len(middles) == 1, "every bar stands in the same place of its cell"


def test_bold_italic_faint_and_hidden_are_told_apart() -> None:
    easel = Easel(12, 1).feed(f"n{E}[1mn{E}[22;3mn{E}[23;2mn{E}[22;8mn{E}[28mn")
    image = easel.picture()
    cells = [easel.cell(image, 0, at) for at in range(6)]
    plain, bold, italic, faint, hidden, again = cells
    assert pixels(plain) == pixels(again)
    assert len(inked(bold)) > len(inked(plain))
    assert pixels(italic) != pixels(plain)
    assert not inked(hidden)
    darkest = [min(pixels(cell)) for cell in (plain, faint)]
    assert darkest[0] < darkest[1]


def test_rows_of_many_styles_are_painted_like_those_of_few() -> None:
    text = "the quick brown fox"
    few, many = Easel(40, 1), Easel(40, 1)
    few.feed(f"{E}[31m{text}{E}[m")
    # A look of its own on each blank makes the row one of many styles; nothing of it shows.
    many.feed("".join(f"{E}[31m{c}{E}[38;5;{at + 20}m" for at, c in enumerate(text)))
    many.feed("".join(f"{E}[38;5;{at}m " for at in range(20, 40)))
    one, other = few.picture(), many.picture()
    apart = [
        max(abs((a >> shift & 255) - (b >> shift & 255)) for shift in (0, 8, 16))
        for a, b in zip(pixels(one), pixels(other), strict=True)
    ]
    assert max(apart) <= 24


def test_reverse_and_program_colours_are_painted() -> None:
    easel = Easel(6, 1).feed(f"{E}[7m  {E}[m{E}[41m  ")
    image = easel.picture()
    assert colours_in(easel.cell(image, 0, 0)) == {LIGHT.text}
    easel.feed(f"{E}]4;1;#123456\x07{E}]10;#00ff00\x07{E}]11;#000040\x07")
    image = easel.picture()
    assert colours_in(easel.cell(image, 0, 0)) == {"#00ff00"}
    assert colours_in(easel.cell(image, 0, 2)) == {"#123456"}
    assert colours_in(easel.cell(image, 0, 5)) == {"#000040"}
    easel.feed(f"{E}]104\x07{E}]110\x07{E}]111\x07{E}[?5h")
    assert colours_in(easel.cell(easel.picture(), 0, 5)) == {LIGHT.text}, "DECSCNM"


def test_bold_is_bright_when_it_is_asked_for() -> None:
    palette = Palette(LIGHT, {}, bold_is_bright=True)
    assert palette.paint(style(fg=1, flags=1)).shape == int(LIGHT.ansi[9][1:], 16)
    assert palette.paint(style(fg=1)).shape == int(LIGHT.ansi[1][1:], 16)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_is_lifted_to_be_legible_and_no_further(colours: object) -> None:
    grounds = [int(name[1:], 16) for name in (*LIGHT.ansi, *DARK.ansi, "#777777", "#ffffff")]
    for text, ground in itertools.product(grounds, grounds):
        made = lifted(text, ground)
        assert contrast(made, ground) >= LEGIBLE
        if contrast(text, ground) >= LEGIBLE:
            assert made == text
        elif made not in (0, 0xFFFFFF):
            assert contrast(made, ground) < LEGIBLE * 1.1


def test_box_characters_are_not_lifted() -> None:
    pale = f"{E}[38;2;240;240;240m"
    easel = Easel(4, 1).feed(f"{pale}█x")
    image = easel.picture()
    assert colours_in(easel.cell(image, 0, 0)) == {"#f0f0f0"}
    assert min(pixels(easel.cell(image, 0, 1))) < 0xFF909090


def test_marked_text_stays_legible_and_matches_show_over_the_selection() -> None:
    easel = Easel(12, 1).feed("nginx nginx ")
    image = easel.picture([Marks(((0, 12, 0xC2D3F4), (6, 11, 0x8A5A00)))])
    assert colours_in(easel.cell(image, 0, 5)) == {"#c2d3f4"}
    found = easel.cell(image, 0, 6, 5)
    assert "#8a5a00" in colours_in(found)
    assert max(pixels(found)) > 0xFFE0E0E0, "written in something bright on the current match"


def test_a_block_cursor_shows_the_character_and_takes_the_cells_of_a_wide_one() -> None:
    easel = Easel(6, 1).feed("漢a\x1b[1;2H")
    image = easel.picture(caret=Caret("block", focus=True, lit=True))
    both = easel.cell(image, 0, 0, 2)
    assert LIGHT.cursor in colours_in(both)
    assert "#ffffff" in colours_in(both), "the character in the ground's colour"
    assert both.pixel(both.width() - 1, 0) == QColor(LIGHT.cursor).rgb()
    assert LIGHT.cursor not in colours_in(easel.cell(image, 0, 2))


def test_a_cursor_of_the_cells_own_colour_is_still_seen() -> None:
    easel = Easel(4, 1).feed(f"{E}[48;2;36;89;201m   \x1b[1;2H")
    image = easel.picture(caret=Caret("block", focus=True, lit=True))
    assert colours_in(easel.cell(image, 0, 1)) != colours_in(easel.cell(image, 0, 0))


def test_what_is_composed_is_shown_at_the_cursor_inside_the_grid() -> None:
    for column in (1, 10):
        easel = Easel(10, 1).feed(f"\x1b[1;{column}H")
        caret = Caret("block", focus=True, lit=True, preedit="かな")
        image = easel.picture(caret=caret)
        left = min(column - 1, 6)
        assert LIGHT.selection in colours_in(easel.cell(image, 0, left))
        assert LIGHT.selection in colours_in(easel.cell(image, 0, left + 3))
        underline = image.pixel(left * easel.font.width + 2, image.height() - 1)
        assert QColor(underline).name() != LIGHT.selection


def test_rows_scrolled_in_a_region_are_moved_and_not_painted(qapp: QApplication) -> None:
    easel = Easel(20, 20).feed("head\x1b[20;1Hfoot\x1b[2;19r\x1b[2;1H")
    easel.feed("".join(f"line {at}\r\n" for at in range(17)) + "last")
    easel.paint()
    before = easel.renderer.rows_painted
    easel.feed("\r\nnew")
    easel.paint()
    assert easel.renderer.rows_painted - before <= 3
    moved = easel.picture()
    easel.renderer.forget()
    assert easel.picture() == moved


def test_nothing_is_painted_when_nothing_changed() -> None:
    easel = Easel().feed("some text\r\nmore")
    assert easel.paint()
    assert easel.paint() == []
    easel.feed(f"{E}[1;1Hother")
    assert 0 in easel.paint()


def test_whatever_a_program_writes_can_be_painted() -> None:
    chance = random.Random(11)
    pieces = [
        "漢", "e\u0301", "🚀", "👩\u200d💻", "█", "─", "⣿", "\ue0b0", "\U0001fb3c", "\u200f", "ש",
        "\u0300", "\ufe0f", "a", " ", "\t", "\r\n", "\b", E + "[K", E + "[2J", E + "[5C", E + "[A",
    ]  # fmt: skip
    for many in (1, 12):
        easel = Easel(30, 10)
        for _ in range(60):
            parts = []
            for _ in range(40):
                numbers = ";".join(str(chance.randrange(110)) for _ in range(chance.randrange(4)))
                style = f"{E}[{numbers}m" if chance.randrange(many) == 0 else ""
                move = f"{E}[{chance.randrange(12)};{chance.randrange(34)}H"
                parts.append(style + (move if chance.randrange(9) == 0 else ""))
                parts.append(chance.choice(pieces))
            easel.feed("".join(parts))
            left = chance.randrange(32)
            mark = Marks(((left, left + chance.randrange(1, 9), 0x336699),), ((left, left + 4),))
            caret = Caret("block", focus=True, lit=True, preedit=chance.choice(["", "か\u0301な"]))
            easel.picture([mark] * 10, caret)
        moved = easel.picture()
        easel.renderer.forget()
        assert easel.picture() == moved, "what was moved and kept looks as if painted anew"
