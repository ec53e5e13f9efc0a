"""The command palette: everything one can do and every project, found by a few letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QFrame, QWidget

from aiops_desktop.ui.fuzzy import fuzzy
from aiops_desktop.ui.parts.layout import STRETCH, hbox, hline, holder, label, vbox
from aiops_desktop.ui.parts.rows import Row, Rows, Section
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.theme import BODY, SMALL, ui_font

if TYPE_CHECKING:
    from aiops_desktop.domain.projects import Project
    from aiops_desktop.ui.actions.action import Action
    from aiops_desktop.ui.desk import Desk

WIDTH, TOP, HEIGHT, MOST = 640, 96, 32, 10
#: Entries remembered as recently used.
RECENT = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the palette. With a `reason` it is shown but cannot be run."""

    key: str
    icon: str
    title: str
    aside: str
    keys: str
    reason: str
    run: Callable[[], object]
    words: str = ""
    places: tuple[int, ...] = ()
    score: int = 0


class Palette(QWidget):
    """Dims the window and holds the palette, 640 px wide and 96 px from the top."""

    def __init__(self, desk: Desk, window: QWidget, actions: Sequence[Action]) -> None:
        super().__init__(window)
        self._desk, self._actions = desk, actions
        self._only_projects = False
        self._back: QWidget | None = None
        #: Keys of what was used last, the newest first; kept by the window.
        self.recent: list[str] = []
        kit = desk.kit
        self._box = QFrame(self)
        self._box.setObjectName("floating")
        self.field = kit.edit(tr("Search or run a command"))
        self.field.setProperty("bare", "true")
        self.field.setAccessibleName(tr("Search or run a command"))
        self.rows = Rows(
            desk.theme,
            paint=self._paint,
            height=HEIGHT,
            name=_spoken,
            key=lambda item: item.key if isinstance(item, Entry) else item,
        )
        self.rows.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._count = label("", "small")
        hints = hbox(
            label(tr("Enter  run"), "small"),
            label(tr("↑ ↓  choose"), "small"),
            label(tr("Esc  close"), "small"),
            STRETCH,
            self._count,
            gap=16,
            margins=(16, 8, 16, 8),
        )
        top = hbox(
            kit.glyph("magnifying-glass", "muted", 20), self.field, gap=12, margins=(16, 0, 16, 0)
        )
        self._list = holder(vbox(self.rows, margins=(0, 4, 0, 4)))
        self._inner = vbox(top, hline(), self._list, hline(), hints, gap=0)
        self._box.setLayout(self._inner)
        self.hide()
        self.field.textChanged.connect(self._search)
        self.field.installEventFilter(self)
        window.installEventFilter(self)
        self.rows.clicked.connect(lambda _index: self._run())

    # Opening and closing ---------------------------------------------------------------------

    def open(self, *, projects: bool = False) -> None:
        """Show it, empty; `projects` looks among projects only."""
        if not self.isVisible():
            self._back = self.window().focusWidget()
        self._only_projects = projects
        hint = tr("Switch to a project") if projects else tr("Search or run a command")
        self.field.setPlaceholderText(hint)
        self.field.clear()
        self._search("")
        self._fit()
        self.show()
        self.raise_()
        self.field.setFocus()

    def shut(self) -> None:
        """Hide it, and give the focus back."""
        self.hide()
        if self._back is not None and self._back.isVisible():
            self._back.setFocus()
        self._back = None

    def _fit(self) -> None:
        self.setGeometry(self.window().rect())
        wide = min(WIDTH, self.width() - 32)
        lines = min(MOST, max(1, len(self.rows.rows.items)))
        self.rows.setFixedHeight(lines * HEIGHT)
        self._list.setFixedHeight(lines * HEIGHT + 8)
        self._box.setFixedWidth(wide)
        self._inner.activate()  # else it would take the height of the list before
        self._box.adjustSize()
        top = min(TOP, max(8, self.height() - self._box.height() - 8))
        self._box.move((self.width() - wide) // 2, top)

    # Searching -------------------------------------------------------------------------------

    def _search(self, text: str) -> None:
        commands = [] if self._only_projects else self._matching(self._commands(), text)
        projects = self._matching(self._projects(), text)
        if not text.strip() and not self._only_projects:
            projects = [entry for entry in projects if entry.key in self.recent]
        shown: list[object] = list(commands)
        if projects:
            if not self._only_projects:
                shown.append(Section(tr("Projects")))
            shown += projects
        self.rows.show_rows(shown)
        self.rows.choose_first()
        self.rows.scrollToTop()
        count = len(commands) + len(projects)
        none = tr("Nothing is called so")
        self._count.setText(counted(count, "{n} result", "{n} results") if count else none)
        self._fit()

    def _matching(self, entries: list[Entry], text: str) -> list[Entry]:
        made: list[tuple[tuple[int, ...], Entry]] = []
        for number, entry in enumerate(entries):
            recent = self.recent.index(entry.key) if entry.key in self.recent else RECENT
            if not text.strip():
                made.append(((bool(entry.reason), recent, number), entry))
                continue
            found = fuzzy(text, entry.title)
            if found is None or found.score < 0:
                elsewhere = fuzzy(text, f"{entry.title} {entry.aside} {entry.words}")
                if elsewhere is None or elsewhere.score <= 0:
                    continue
                places = tuple(n for n in elsewhere.places if n < len(entry.title))
                score = elsewhere.score - 20
            else:
                places, score = found.places, found.score
            rank = (bool(entry.reason), -(score + (RECENT - recent)), number)
            made.append((rank, _marked(entry, places)))
        return [entry for _rank, entry in sorted(made, key=lambda pair: pair[0])]

    def _commands(self) -> list[Entry]:
        desk = self._desk
        made: list[Entry] = []
        for action in self._actions:
            if action.id == "view.palette":
                continue
            made.append(
                Entry(
                    action.id,
                    action.icon or "caret-right",
                    action.title_for(desk),
                    action.menu,
                    action.shortcut.replace("Return", "Enter"),
                    action.reason(desk),
                    lambda action=action: desk.run_action(action.id),  # type: ignore[misc]  # bound early
                    action.words,
                )
            )
        return made

    def _projects(self) -> list[Entry]:
        desk = self._desk
        made: list[Entry] = []
        here = desk.project  # the last one to want to switch to
        for project in sorted(desk.projects.values(), key=lambda p: (p == here, p.name.casefold())):
            tenant = desk.tenants.get(project.tenant_id)
            made.append(
                Entry(
                    f"project:{project.id}",
                    "git-branch",
                    project.name,
                    tenant.name if tenant else "",
                    "",
                    "",
                    lambda project=project: self._go(project),  # type: ignore[misc]  # bound early
                )
            )
        return made

    def _go(self, project: Project) -> None:
        self._desk.select(project.id)
        self._desk.go("project")

    # Choosing --------------------------------------------------------------------------------

    def _run(self) -> None:
        entry = self.rows.current()
        if not isinstance(entry, Entry) or entry.reason:
            return
        self.shut()
        self.recent = [entry.key, *(key for key in self.recent if key != entry.key)][:RECENT]
        entry.run()

    def _step(self, by: int) -> None:
        items = self.rows.rows.items
        at = self.rows.currentIndex().row()
        places = [n for n, item in enumerate(items) if isinstance(item, Entry)]
        if not places:
            return
        now = places.index(at) if at in places else 0
        wanted = now + by
        if abs(by) == 1:
            wanted %= len(places)
        self.rows.setCurrentIndex(
            self.rows.rows.index(places[max(0, min(len(places) - 1, wanted))], 0)
        )
        self.rows.scrollTo(self.rows.currentIndex())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the field drive the list; the veil follows the window."""
        if watched is not self.field:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._fit()
            return False
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: MOST,
            Qt.Key.Key_PageUp: -MOST,
            Qt.Key.Key_Tab: 1,
            Qt.Key.Key_Backtab: -1,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self._step(steps[key])
        elif key == Qt.Key.Key_Escape:
            self.shut()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run()
        else:
            return False
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside it closes it."""
        if not self._box.geometry().contains(event.position().toPoint()):
            self.shut()

    # Painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim the window."""
        dim = QColor("#14171C")
        dim.setAlpha(130 if self._desk.theme.scheme.dark else 52)
        QPainter(self).fillRect(self.rect(), dim)

    def _paint(self, painter: QPainter, rect: QRect, item: object, _selected: bool) -> None:
        if not isinstance(item, Entry):
            return
        scheme, row = self._desk.theme.scheme, Row(painter, rect)
        small = ui_font(SMALL)
        if item.reason:
            row.text(
                item.reason,
                scheme.muted,
                small,
                right=True,
                elide=Qt.TextElideMode.ElideRight,
                gap=16,
            ) if row.room > 360 else None
            row.glyph("prohibit", scheme.muted)
            row.text(item.title, scheme.muted)
            return
        if item.keys:
            row.text(item.keys, scheme.muted, small, right=True, gap=16)
        row.glyph(item.icon, scheme.muted)
        _marked_text(row, item, scheme.text, scheme.accent)
        if row.room > 40:
            row.text(item.aside, scheme.muted, small)


def _marked(entry: Entry, places: tuple[int, ...]) -> Entry:
    from dataclasses import replace

    return replace(entry, places=places)


def _marked_text(row: Row, entry: Entry, colour: str, accent: str) -> None:
    """The title with its matched letters in accent and semibold; elided when there is no room."""
    plain, strong = ui_font(BODY), ui_font(BODY, True)
    metrics = QFontMetricsF(strong)
    title = metrics.elidedText(entry.title, Qt.TextElideMode.ElideRight, row.room)
    x = float(row.low)
    marked = set(entry.places)
    at = 0
    while at < len(title):
        end, on = at + 1, at in marked
        while end < len(title) and (end in marked) == on:
            end += 1
        font: QFont = strong if on else plain
        row.painter.setFont(font)
        row.painter.setPen(QColor(accent if on else colour))
        row.painter.drawText(QPointF(x, row.base), title[at:end])
        x += QFontMetricsF(font).horizontalAdvance(title[at:end])
        at = end
    row.take(round(x) - row.low + 12)


def _spoken(item: object) -> str:
    if isinstance(item, Entry):
        return f"{item.title}, {item.reason}" if item.reason else item.title
    return item.title if isinstance(item, Section) else ""
