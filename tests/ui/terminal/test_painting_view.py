"""When a terminal is painted, and what moves: frames, scrolling, marks on the bar, blinking."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QVariantAnimation
from PySide6.QtGui import QColor, QImage, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyle, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from aiops_desktop.ui.terminal.colours import DARK, LIGHT
from aiops_desktop.ui.terminal.frames import (
    FLOOD_FRAME,
    FLOOD_SCREENS,
    FRAME,
    FRAME_SHARE,
    HELD_MOST,
    Pace,
)
from aiops_desktop.ui.terminal.surface import PADDING_X, PADDING_Y
from aiops_desktop.ui.terminal.view import TerminalView
from tests.support.painting import colours_in, inked, pixels


class Watched(TerminalView):
    """Counts frames and what was painted of it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.frames: list[float] = []
        self.painted: list[int] = []
        super().__init__(parent)

    def _frame(self) -> None:
        self.frames.append(time.monotonic())
        super()._frame()

    def paintEvent(self, event: QPaintEvent) -> None:
        self.painted.append(event.region().boundingRect().height())
        super().paintEvent(event)

    def write(self, text: str) -> None:
        self.take(text.encode())
        self.changed()


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[Watched]:
    made = Watched()
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    settle(qtbot, made)
    yield made
    made.hide()


def settle(qtbot: QtBot, view: Watched) -> None:
    """Until everything asked for is painted."""
    timers = (view._frame_timer, view._resize_timer)
    qtbot.waitUntil(lambda: not any(timer.isActive() for timer in timers))
    QApplication.processEvents()
    view.frames.clear()
    view.painted.clear()


def grid(view: TerminalView) -> QImage:
    """The grid alone, as painted."""
    image = view.viewport().grab().toImage()
    width, height = view.cell_size
    size = (round(view.emulator.columns * width), round(view.emulator.rows * height))
    return image.copy(PADDING_X, PADDING_Y, *size)


def fill(view: Watched, count: int = 100) -> None:
    view.write("\r\n".join(f"line {at:03d}" for at in range(count)))


# Frames


def test_the_first_change_is_painted_at_once_and_then_sixty_times_a_second(
    qtbot: QtBot, view: Watched
) -> None:
    time.sleep(2 * FRAME)  # an idle terminal
    view.write("x")
    assert view._frame_timer.interval() == 0
    qtbot.waitUntil(lambda: bool(view.frames))
    until = time.monotonic() + 0.3
    while time.monotonic() < until or len(view.frames) < 4:
        view.write("more ")
        QApplication.processEvents()
    gaps = [later - one for one, later in zip(view.frames[1:], view.frames[2:], strict=False)]
    assert min(gaps) > FRAME * 0.9
    assert gaps


def test_screens_that_nobody_could_read_are_painted_less_often() -> None:
    pace = Pace()
    pace.begin(10.0, FLOOD_SCREENS)
    pace.spent(0.001)
    assert pace.due(10.0) == pytest.approx(FLOOD_FRAME)
    pace.begin(11.0, 1.0)
    pace.spent(0.001)
    assert pace.due(11.0) == pytest.approx(FRAME)
    pace.begin(12.0, FLOOD_SCREENS)
    pace.spent(0.02)  # painting that takes long still leaves most of the time to what writes
    assert pace.due(12.0) == pytest.approx(0.02 * FRAME_SHARE)


def test_the_end_of_a_flood_is_painted(qtbot: QtBot, view: Watched) -> None:
    for number in range(40):
        view.write("\r\n".join(f"line {number} {n}" for n in range(300)) + "\r\n")
        QApplication.processEvents()
    view.write("the end")
    frames = len(view.frames)
    qtbot.waitUntil(lambda: len(view.frames) > frames)
    settle(qtbot, view)
    assert view.emulator.text_rows()[-1] == "the end"


def test_nothing_is_painted_while_nothing_changes(qtbot: QtBot, view: Watched) -> None:
    view.write("text")
    settle(qtbot, view)
    view.write("")
    view.write("\x1b[m")
    qtbot.waitUntil(lambda: bool(view.frames))
    settle(qtbot, view)
    QTest.qWait(40)
    assert view.painted == []
    assert view.frames == []
    view.write("\x1b[3;1Ha")
    qtbot.waitUntil(lambda: bool(view.painted))
    assert max(view.painted) < 5 * view.cell_size[1], "only the row and the cursor's old place"


def test_a_program_may_hold_a_frame_back_for_a_while(qtbot: QtBot, view: Watched) -> None:
    view.write("\x1b[?2026hhalf a fra")
    QTest.qWait(60)
    assert view.frames == []
    view.write("me\x1b[?2026l")
    qtbot.waitUntil(lambda: bool(view.frames))
    settle(qtbot, view)
    begun = time.monotonic()
    view.write("\x1b[?2026hnever ended")
    assert view._frame_timer.interval() <= HELD_MOST * 1000 + 1
    qtbot.waitUntil(lambda: bool(view.frames))
    assert view.frames[0] - begun > HELD_MOST * 0.9
    view.write("\x1b[?2026l")


def test_a_whole_frame_is_painted_although_the_next_one_has_begun(
    view: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = "\x1b[?2026h\x1b[Hhalf of the next"
    view._pace = Pace()  # nothing was painted lately
    view.write(f"\x1b[?2026h\x1b[Hone\x1b[K\x1b[?2026l{half}")
    assert len(view.frames) == 1
    assert view._holding
    monkeypatch.setattr(view._pace, "due", lambda _now: 1.0)  # one has just been painted
    view.write(f"\x1b[Htwo\x1b[K\x1b[?2026l{half}")
    assert len(view.frames) == 1
    view.write("\x1b[?2026l")
    assert not view._holding


def test_a_held_frame_is_not_shown_by_a_selection(qtbot: QtBot, view: Watched) -> None:
    view.write("\x1b[?2026hhalf")
    view.refresh()
    QTest.qWait(40)
    assert view.frames == []
    view.write("\x1b[?2026l")


def test_a_hidden_terminal_has_no_timers(qtbot: QtBot, view: Watched) -> None:
    view.write("\x1b[5mblinking\x1b[m\x1b[1 q")
    qtbot.waitUntil(lambda: view._blink_timer.isActive())
    view.hide()
    view.frames.clear()
    rows = view._renderer.rows_painted
    view.write("more\r\n" * 50)
    QTest.qWait(40)
    assert not view._blink_timer.isActive()
    assert not view._frame_timer.isActive()
    assert (view.frames, view._renderer.rows_painted) == ([], rows)
    assert view._renderer.pixmap.isNull(), "no picture is kept of what nobody sees"
    view.resize(600, 400)
    QTest.qWait(40)
    assert view._renderer.pixmap.isNull()
    view.show()
    assert view.frames
    assert "more" in view.emulator.text_rows()[0]


def test_a_terminal_behind_a_minimised_window_catches_up(qtbot: QtBot) -> None:
    window = QWidget()
    view = Watched(window)
    QVBoxLayout(window).addWidget(view)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    settle(qtbot, view)
    handle = window.windowHandle()
    handle.setVisible(False)  # as window systems do with a minimised window
    assert not view.seen
    view.write("while away")
    QTest.qWait(30)
    assert view.frames == []
    handle.setVisible(True)
    qtbot.waitUntil(lambda: bool(view.frames))


# Scrolling


def test_scrolling_by_pixels_moves_the_picture_by_as_many(qtbot: QtBot, view: Watched) -> None:
    fill(view)
    settle(qtbot, view)
    view.scroll_lines(-10)
    settle(qtbot, view)
    before = grid(view)
    view.scroll_pixels(5)
    settle(qtbot, view)
    after = grid(view)
    height = before.height()
    assert pixels(after.copy(0, 0, 200, height - 5)) == pixels(before.copy(0, 5, 200, height - 5))
    assert inked(after.copy(0, height - 5, 200, 5)) is not None
    view.scroll_pixels(-5)
    settle(qtbot, view)
    assert pixels(grid(view)) == pixels(before)


def test_small_steps_add_up_and_end_at_the_newest_line(qtbot: QtBot, view: Watched) -> None:
    fill(view)
    settle(qtbot, view)
    top = view.top_line
    height = view.cell_size[1]
    view.scroll_pixels(-3 * height)
    assert view.top_line == top - 3
    for _ in range(40):
        view.scroll_pixels(height / 40)
    assert view.top_line in (top - 2, top - 3)
    view.scroll_pixels(10 * height)
    assert view.follows
    view.scroll_pixels(-1e6)
    assert view.top_line == view.first_line
    assert view.cell_at(QPoint(PADDING_X + 1, PADDING_Y + 1)) == (0, 0)


def test_a_turn_of_the_wheel_glides(qtbot: QtBot, view: Watched) -> None:
    fill(view, 200)
    bottom = view.top_line
    places: list[float] = []
    view._glide.valueChanged.connect(places.append)
    view.glide_lines(-3)
    assert bottom - 3 <= view.top_line < bottom, "the first step is there at once"
    view.glide_lines(-3)
    qtbot.waitUntil(lambda: view.top_line == bottom - 6 and not view._shift, timeout=20_000)
    assert [place for place in places if place % 1], "there were places between the lines"
    assert not view.follows


def test_gliding_to_the_end_follows_although_more_was_written(qtbot: QtBot, view: Watched) -> None:
    fill(view, 200)
    view.scroll_lines(-20)
    view.glide_lines(20)
    assert not view.follows
    fill(view, 30)
    qtbot.waitUntil(lambda: view.follows, timeout=20_000)


@pytest.mark.parametrize("other", ["key", "lines", "bar", "hide", "alternate"])
def test_whatever_else_scrolls_ends_the_gliding(qtbot: QtBot, view: Watched, other: str) -> None:
    fill(view, 200)
    view.glide_lines(-100)
    assert view._glide.state() == QVariantAnimation.State.Running
    if other == "key":
        view.scrollToEnd()  # what every key does that is typed
        assert view.follows
    elif other == "lines":
        before = view.top_line
        view.scroll_lines(-1)
        assert view.top_line == before - 1
    elif other == "bar":
        view._frame()
        view.verticalScrollBar().setValue(7)
    elif other == "hide":
        view.hide()
    else:
        view.write("\x1b[?1049h")
        view.glide_lines(-3)
    assert view._glide.state() == QVariantAnimation.State.Stopped


def test_nothing_glides_where_the_desktop_asks_for_no_animations(
    view: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Still:  # no real style: Qt may ask it after Python has let it go
        def styleHint(self, hint: QStyle.StyleHint, *_more: object) -> int:
            assert hint == QStyle.StyleHint.SH_Widget_Animation_Duration
            return 0

    monkeypatch.setattr(view, "style", Still)
    fill(view, 200)
    bottom = view.top_line
    view.glide_lines(-3)
    assert view.top_line == bottom - 3
    assert not view._shift


def test_what_is_under_the_pointer_follows_the_pixels(qtbot: QtBot, view: Watched) -> None:
    fill(view)
    view.scroll_lines(-10)
    at = QPoint(PADDING_X + 1, PADDING_Y + round(2.9 * view.cell_size[1]))
    before = view.place(at)[0]
    view.scroll_pixels(view.cell_size[1] / 2)
    assert view.place(at)[0] == before + 1


def test_scrolling_does_not_outlive_the_alternate_screen(qtbot: QtBot, view: Watched) -> None:
    fill(view)
    view.write("\x1b[?1049h")
    view.scroll_lines(-5)
    view.scroll_pixels(-50)
    view.write("\x1b[?1049l")
    assert view.follows


def test_a_line_far_away_is_brought_into_view(qtbot: QtBot, view: Watched) -> None:
    fill(view)
    view.scroll_to_line(20)
    assert view.top_line <= 20 < view.top_line + view.emulator.rows
    top = view.top_line
    view.scroll_to_line(21)
    assert view.top_line == top, "a line in view stays where it is"


def test_history_does_not_change_the_programs_size(qtbot: QtBot, view: Watched) -> None:
    before = view.fitting()
    fill(view)
    settle(qtbot, view)
    assert view.verticalScrollBar().maximum() > 0
    assert view.fitting() == before


# Marks


def test_matches_are_painted_and_marked_on_the_bar(qtbot: QtBot, view: Watched) -> None:
    fill(view)
    view.set_matches([(10, 0, 4), (95, 0, 4), (97, 5, 8)], current=1)
    settle(qtbot, view)
    row = 95 - view.top_line
    width, height = view.cell_size

    def at(line: int, column: float) -> str:
        x, y = int((column + 0.1) * width), int((line - view.top_line + 0.05) * height)
        return QColor(image.pixel(x, y)).name()

    image = grid(view)
    assert row >= 0
    assert at(95, 0) == LIGHT.current_match
    assert at(97, 5) == LIGHT.match
    assert at(97, 0) == LIGHT.ground
    bar = view.verticalScrollBar().grab().toImage()
    marked = {y for x, y in inked(bar, LIGHT.ground) if x == 1}
    total = 100
    assert any(abs(y - 10 / total * bar.height()) < 5 for y in marked), "in the history"
    assert any(abs(y - 95 / total * bar.height()) < 5 for y in marked)
    view.set_matches([])
    settle(qtbot, view)
    assert LIGHT.match not in colours_in(grid(view))


def test_what_the_pointer_is_over_is_underlined(qtbot: QtBot, view: Watched) -> None:
    view.write("a link here")
    settle(qtbot, view)
    before = pixels(grid(view))
    view.set_hover([(0, 2, 6)])
    settle(qtbot, view)
    image = grid(view)
    width, height = view.cell_size
    lower = image.copy(round(2 * width), round(height * 0.8), round(4 * width), round(height * 0.2))
    rows = {y for x, y in inked(lower)}
    assert any(all((x, y) in inked(lower) for x in range(lower.width())) for y in rows)
    view.set_hover([])
    settle(qtbot, view)
    assert pixels(grid(view)) == before


def test_a_program_that_sets_the_ground_changes_the_padding_too(
    qtbot: QtBot, view: Watched
) -> None:
    view.write("\x1b]11;#102030\x07")
    settle(qtbot, view)
    image = view.viewport().grab().toImage()
    assert QColor(image.pixel(1, 1)).name() == "#102030"
    bar = view.verticalScrollBar().grab().toImage()
    assert QColor(bar.pixel(1, 1)).name() == "#102030"
    view.set_scheme(DARK)
    view.write("\x1b]111\x07")
    settle(qtbot, view)
    assert QColor(view.viewport().grab().toImage().pixel(1, 1)).name() == DARK.ground


# What blinks


def test_a_blinking_cursor_goes_and_comes_only_with_focus(qtbot: QtBot, view: Watched) -> None:
    def shown() -> bool:
        return LIGHT.cursor in colours_in(grid(view))

    view.write("\x1b[1 q")
    qtbot.waitUntil(lambda: view._blink_timer.isActive())
    view._blink_timer.setInterval(10)
    qtbot.waitUntil(lambda: not shown())
    qtbot.waitUntil(shown)
    view.set_blinking(False)
    assert not view._blink_timer.isActive()
    assert shown()
    view.set_blinking(None)
    assert view._blink_timer.isActive()
    view.clearFocus()
    assert not view._blink_timer.isActive()


def test_the_person_may_have_the_cursor_blink_unless_the_program_chooses(
    qtbot: QtBot, view: Watched
) -> None:
    assert not view._blink_timer.isActive()
    view.set_blinking(True)
    assert view._blink_timer.isActive()
    view.write("\x1b[2 q")
    qtbot.waitUntil(lambda: not view._blink_timer.isActive())
    view.write("\x1b[0 q")
    qtbot.waitUntil(lambda: view._blink_timer.isActive())


def test_blinking_text_goes_and_comes(qtbot: QtBot, view: Watched) -> None:
    view.write("\x1b[?25l\x1b[5mMMMM\x1b[m")
    qtbot.waitUntil(lambda: view._blink_timer.isActive())
    view._blink_timer.setInterval(10)
    qtbot.waitUntil(lambda: not inked(grid(view)))
    qtbot.waitUntil(lambda: bool(inked(grid(view))))
    view.write("\x1b[2J")
    qtbot.waitUntil(lambda: not view._blink_timer.isActive())


@pytest.mark.parametrize("shape", ["block", "underline", "bar"])
def test_the_person_chooses_the_cursors_shape(qtbot: QtBot, view: Watched, shape: str) -> None:
    view.set_cursor_shape(shape)
    settle(qtbot, view)
    width, height = view.cell_size
    cell = grid(view).copy(0, 0, round(width), round(height))
    part = len([pixel for pixel in pixels(cell) if QColor(pixel).name() == LIGHT.cursor])
    part_of = part / (cell.width() * cell.height())
    low, high = {"block": (0.99, 1), "underline": (0.05, 0.2), "bar": (0.1, 0.4)}[shape]
    assert low <= part_of <= high
    view.write("\x1b[4 q" if shape == "bar" else "\x1b[6 q")
    settle(qtbot, view)
    cell = grid(view).copy(0, 0, round(width), round(height))
    assert QColor(cell.pixel(cell.width() - 1, 0)).name() != LIGHT.cursor


def test_a_flash_tints_the_terminal_for_a_moment_and_not_too_often(
    qtbot: QtBot, view: Watched
) -> None:
    view.flash()
    assert colours_in(grid(view).copy(50, 50, 20, 20)) != {LIGHT.ground}
    qtbot.waitUntil(lambda: colours_in(grid(view).copy(50, 50, 20, 20)) == {LIGHT.ground})
    view.flash()
    assert colours_in(grid(view).copy(50, 50, 20, 20)) == {LIGHT.ground}
