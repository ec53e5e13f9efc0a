"""The history: days, filters, details, export."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.events import Event, Outcome
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.operators import Role
from aiops_desktop.ui import icons
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.rows import Section
from aiops_desktop.ui.views import told
from aiops_desktop.ui.views.history.days import PORTION, Opened, Wanted, by_day, cells, day_title
from aiops_desktop.ui.views.history.details import Details, Output
from aiops_desktop.ui.views.history.page import HistoryPage
from tests.support.git_pages import HEAD, FakeHouse, ago, event, idle, make_desk, shown, theme
from tests.support.real_house import real_house

WITHIN = "acme / web-shop"
OUTPUT = "$ git push\nlogin deploy:••••••\nfatal: no\n"


def some() -> list[Event]:
    return [
        event(1, "run", "web-shop: Roll out", Outcome.RUNNING, actor="Codex", seconds=None,
              started=ago(seconds=30)),
        event(2, "commit", WITHIN, note="Wait longer", facts={"commit": HEAD.id},
              started=ago(seconds=40)),
        event(3, "push", WITHIN, Outcome.REFUSED, note="The server has commits.", output=OUTPUT,
              facts={"keys": "acme-deploy"}, started=ago(seconds=50)),
        event(4, "pull", WITHIN, actor="Mira", note="up to date", started=ago(days=3)),
        event(5, "clone", WITHIN, started=ago(days=40)),
    ]  # fmt: skip


@pytest.fixture
def house(layout: Layout) -> FakeHouse:
    made = FakeHouse(layout)
    made.history.events = some()
    return made


@pytest.fixture
def desk(qtbot: QtBot, layout: Layout, house: FakeHouse) -> Iterator[Desk]:
    made = make_desk(layout, house)
    idle(qtbot, made)
    yield made
    made.close()


@pytest.fixture
def page(qtbot: QtBot, desk: Desk) -> HistoryPage:
    made = HistoryPage(desk)
    shown(qtbot, desk, made)
    return made


def ids(page: HistoryPage) -> list[int]:
    return [item.id for item in page.table.rows.items if isinstance(item, Event)]


def opened(page: HistoryPage) -> list[int]:
    return [i.event.id for i in page.table.rows.items if isinstance(i, Opened) and i.event]


def test_events_stand_under_their_days(page: HistoryPage) -> None:
    assert ids(page) == [1, 2, 3, 4]  # the last seven days
    headings = [item for item in page.table.rows.items if isinstance(item, Section)]
    assert headings[0].title.startswith("Today, ") or headings[0].title.startswith("Yesterday, ")
    assert sum(int(one.count.split()[0]) for one in headings) == 4
    QAbstractItemModelTester(
        page.table.rows, QAbstractItemModelTester.FailureReportingMode.Warning, page
    )
    page.table.show_events(some(), WITHIN)
    page.grab()


def test_days_are_named() -> None:
    today = date(2026, 11, 22)
    assert day_title(today, today) == "Today, Sunday 22 November"
    assert day_title(date(2026, 11, 21), today) == "Yesterday, Saturday 21 November"
    assert day_title(date(2026, 11, 20), today) == "Friday 20 November"
    assert day_title(date(2025, 1, 3), today) == "Friday 3 January 2025"
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    rows = list(by_day([event(n, "x", "y", started=noon - timedelta(days=n)) for n in range(3)]))
    assert [type(row) for row in rows] == [Section, Event] * 3


def test_a_row_says_when_who_what_on_what_and_how_it_ended() -> None:
    _, when, who, what, about, outcome, took = cells(some()[2], opened=False, within=WITHIN)
    assert (who.text, what.text, about.text) == ("Ann", "Push", "web-shop")
    assert about.aside == "The server has commits."
    assert (outcome.text, outcome.text_tone, took.text) == ("Refused", "warning", "1.2 s")
    assert when.tip
    commit = cells(some()[1], opened=False, within=WITHIN)[4]
    assert (commit.text, commit.mono, commit.aside) == ("8e41c07b", True, "Wait longer")
    assert cells(some()[0], opened=False, within=WITHIN)[4].text == "Roll out"


def test_every_icon_of_an_event_exists() -> None:
    looks = [told.outcome_look(outcome)[0] for outcome in Outcome]
    verbs = [told.verb_icon(verb) for verb in told._VERBS]
    actors = [told.actor_icon(actor) for actor in ("Ann", "codex", "Timer")]
    assert all(icons.exists(name) for name in (*looks, *verbs, *actors))


def test_filters_narrow_and_reset(
    qtbot: QtBot, desk: Desk, house: FakeHouse, page: HistoryPage
) -> None:
    bar = page.filters
    assert [bar.who.itemText(n) for n in range(bar.who.count())] == [
        "Who: anyone", "Ann", "Codex", "Mira",
    ]  # fmt: skip
    bar._choose(bar.who, bar.who.findData("Mira"))
    idle(qtbot, desk)
    assert ids(page) == [4]
    bar._choose(bar.outcome, bar.outcome.findData(Outcome.FAILED))
    idle(qtbot, desk)
    assert ids(page) == []
    said = [one.text() for one in page.findChildren(QLabel) if one.isVisible()]
    assert "No entry fits the filter." in said
    everything = next(b for b in page.findChildren(QPushButton) if b.text() == "Show everything")
    everything.click()
    idle(qtbot, desk)
    assert ids(page) == [1, 2, 3, 4, 5]
    assert bar.wanted == Wanted(days=None)


def test_typing_filters_once_the_hands_rest(
    qtbot: QtBot, desk: Desk, house: FakeHouse, page: HistoryPage
) -> None:
    asked = len(house.history.asked)
    QTest.keyClicks(page.filters.search, "wait longer")
    qtbot.waitUntil(lambda: ids(page) == [2])
    assert len(house.history.asked) - asked == 2  # once for the rows, once for their number


def test_where_it_is_narrow_the_choices_are_behind_a_funnel(
    qtbot: QtBot, desk: Desk, page: HistoryPage
) -> None:
    page.resize(756, 500)
    assert page.filters.funnel.isVisible()
    assert not page.filters.who.isVisible()
    menu = page.filters.menu()
    titles = [action.text() for action in menu.actions()]
    assert titles == ["Who", "What", "Outcome", "Period"]
    page.filters._choose(page.filters.who, 1)
    assert page.filters.funnel.text() == "Last 7 days, 1 more"


def test_a_row_opens_and_closes_by_key_and_shows_output_and_facts(
    qtbot: QtBot, desk: Desk, page: HistoryPage
) -> None:
    page.table.choose(3)
    QTest.keyClick(page.table, Qt.Key.Key_Right)
    idle(qtbot, desk)
    assert opened(page) == [3]
    (details,) = page.table.findChildren(Details)
    said = [one.text() for one in details.findChildren(QLabel)]
    assert "acme-deploy" in said
    assert "Secrets were masked before this was stored" in said
    (output,) = details.findChildren(Output)
    assert output.toPlainText() == OUTPUT.rstrip("\n")
    copy = next(b for b in details.findChildren(QPushButton) if b.accessibleName() == "Copy output")
    copy.click()
    assert QGuiApplication.clipboard().text() == OUTPUT
    page.resize(700, 600)
    assert opened(page) == [3]
    QTest.keyClick(page.table, Qt.Key.Key_Left)
    assert opened(page) == []


def test_the_caret_opens_with_one_click_and_arrows_pass_over_what_is_open(
    qtbot: QtBot, desk: Desk, page: HistoryPage
) -> None:
    row = next(n for n, i in enumerate(page.table.rows.items) if isinstance(i, Event))
    spot = page.table.visualRect(page.table.rows.index(row, 0)).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    idle(qtbot, desk)
    assert opened(page) == [1]
    page.table.choose(1)
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    current = page.table.current()
    assert isinstance(current, Event)
    assert current.id == 2


def test_an_open_row_stays_open_when_something_else_happens(
    qtbot: QtBot, desk: Desk, house: FakeHouse, page: HistoryPage
) -> None:
    page.open_argument(3)
    idle(qtbot, desk)
    house.history.events.insert(0, event(9, "fetch", WITHIN, started=ago(seconds=1)))
    desk.announce(Changes(Touched.HISTORY, 1))
    idle(qtbot, desk)
    assert ids(page) == [9, 1, 2, 3, 4]
    assert opened(page) == [3]
    current = page.table.current()
    assert isinstance(current, Event)
    assert current.id == 3


def test_export_writes_what_the_filter_shows(
    qtbot: QtBot, desk: Desk, page: HistoryPage, tmp_path: Path
) -> None:
    page.export(tmp_path / "history.csv")
    page.export(tmp_path / "history.JSON")
    idle(qtbot, desk)
    assert (tmp_path / "history.csv").read_text() == "csv of 4"
    assert (tmp_path / "history.JSON").read_text() == "json of 4"


def test_an_export_that_cannot_be_written_says_why(
    qtbot: QtBot, desk: Desk, page: HistoryPage, tmp_path: Path
) -> None:
    with qtbot.waitSignal(desk.banner_wanted, timeout=5000) as caught:
        page.export(tmp_path / "nowhere" / "history.csv")
    assert caught.args is not None
    assert "could not be written" in caught.args[1].what
    assert not (tmp_path / "nowhere").exists()


def test_the_export_button_asks_where(qtbot: QtBot, page: HistoryPage) -> None:
    page.filters.export_button.click()
    (dialog,) = page.findChildren(QFileDialog)
    assert dialog.isVisible()
    dialog.reject()


def test_a_project_without_history_leads_on(
    qtbot: QtBot, layout: Layout, find: Callable[[HistoryPage], list[str]]
) -> None:
    desk = make_desk(layout)
    made = HistoryPage(desk)
    shown(qtbot, desk, made)
    assert "Nothing has happened here in this time." in find(made)
    made.filters.reset(None)
    idle(qtbot, desk)
    assert any(words.startswith("Nothing has happened here yet.") for words in find(made))
    desk.close()


@pytest.fixture
def find() -> Callable[[HistoryPage], list[str]]:
    def words(page: HistoryPage) -> list[str]:
        return [one.text() for one in page.findChildren(QLabel) if one.isVisible()]

    return words


def test_real_events_of_one_project_only(qtbot: QtBot, layout: Layout) -> None:
    real = real_house(layout, {"a.txt": "a\n"})
    desk = Desk(layout, theme())
    desk.open_house(real.house)
    idle(qtbot, desk)
    desk.select(real.project.id)
    page = HistoryPage(desk)
    shown(qtbot, desk, page)
    verbs = [item.verb for item in page.table.rows.items if isinstance(item, Event)]
    assert verbs == ["clone", "create project"]  # "create tenant" belongs to no project
    desk.close()


def test_older_events_follow_when_the_end_comes_near(
    qtbot: QtBot, desk: Desk, house: FakeHouse, page: HistoryPage
) -> None:
    house.history.events = [
        event(n, "push", f"{WITHIN} {n}", started=ago(seconds=n)) for n in range(1, 1001)
    ]
    page.refresh()
    idle(qtbot, desk)
    assert ids(page) == list(range(1, PORTION + 1))
    assert page.filters._count.text() == "1,000 entries"
    last = [item for item in page.table.rows.items if isinstance(item, Section)][-1]
    assert not last.count, "nobody knows yet how many there are on that day"
    while len(ids(page)) < 1000:
        shown = len(ids(page))
        page.table.scrollToBottom()
        qtbot.waitUntil(partial(_longer, page, shown))
    idle(qtbot, desk)
    assert ids(page) == list(range(1, 1001))
    house.history.events.insert(0, event(0, "fetch", WITHIN, started=ago(seconds=0)))
    desk.announce(Changes(Touched.HISTORY, 1))
    idle(qtbot, desk)
    assert ids(page)[:3] == [0, 1, 2]
    assert len(ids(page)) >= 1000, "what was read stays"


def _longer(page: HistoryPage, than: int) -> bool:
    return len(ids(page)) > than


def test_all_about_one_thing(qtbot: QtBot, desk: Desk, page: HistoryPage) -> None:
    page.open_argument(4)
    idle(qtbot, desk)
    (details,) = page.table.findChildren(Details)
    more = next(b for b in details.findChildren(QPushButton) if b.text() == "All about this")
    more.click()
    idle(qtbot, desk)
    assert ids(page) == [2, 3, 4]
    assert page.filters.about.text() == f"Only {WITHIN}"
    page.filters.about.click()
    idle(qtbot, desk)
    assert ids(page) == [1, 2, 3, 4]
    assert not page.filters.about.isVisible()


def test_the_history_of_everything(qtbot: QtBot, layout: Layout) -> None:
    real = real_house(layout, {"a.txt": "a\n"})
    desk = Desk(layout, theme())
    desk.open_house(real.house)
    idle(qtbot, desk)
    page = HistoryPage(desk, everything=True)
    shown(qtbot, desk, page)
    verbs = [item.verb for item in page.table.rows.items if isinstance(item, Event)]
    assert verbs == ["clone", "create project", "create tenant"]
    page.open_argument(real.house.operators.at_desk().name)
    idle(qtbot, desk)
    assert len(ids(page)) == 3
    desk.set_operator(replace(real.house.operators.at_desk(), role=Role.VIEWER))
    assert not page.filters.export_button.isEnabled()
    assert "role operator" in page.filters.export_button.toolTip()
    desk.close()
