"""The list of what can be deployed, with its last results, and of what was deployed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.deployments import Board, Deployment, Template
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import hbox, holder, vbox
from aiops_desktop.ui.parts.rows import ITEM, Cell, Column, Rows, Section
from aiops_desktop.ui.text import age, moment, tr
from aiops_desktop.ui.views.deploy.looks import look

#: Past deployments that are listed.
RECENT = 30


class Templates(QWidget):
    """Filter, templates by group, and the past deployments under them.

    Signals:
        chosen(Template): a template is the current row.
        opened(Deployment): a past deployment was chosen.
    """

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._board: Board | None = None
        self.filter = desk.kit.search(tr("Filter templates"))
        self.rows = Rows(desk.theme, (Column(""),), self._cells, key=_key, name=_name, edge=12)
        self.rows.setAccessibleName(tr("Templates"))
        self.filter.textChanged.connect(lambda _text: self._fill())
        self.filter.returnPressed.connect(self.rows.choose_first)
        self.rows.chosen.connect(self._choose)
        self.rows.opened.connect(self._open)
        self.rows.clicked.connect(lambda index: self._open(index.data(ITEM)))
        self.setLayout(
            vbox(
                holder(hbox(self.filter, margins=(12, 12, 12, 4))),
                (self.rows, 1),
                gap=0,
            )
        )
        self.setMinimumWidth(240)
        self.setMaximumWidth(320)

    def show_board(self, board: Board) -> None:
        """Show another state of things; the chosen row stays."""
        self._board = board
        self._fill()

    def current(self) -> Template | None:
        """The chosen template."""
        found = self.rows.current()
        return found if isinstance(found, Template) else None

    def _fill(self) -> None:
        board = self._board
        if board is None:
            self.rows.show_rows([])
            return
        needle = self.filter.text().strip().casefold()
        items: list[object] = []
        groups = dict.fromkeys(one.group for one in board.templates)
        for group in groups:
            inside = [t for t in board.templates if t.group == group and _matches(t, needle)]
            if inside and (group or len(groups) > 1):
                items.append(Section(group or tr("Templates")))
            items += inside
        past = [d for d in board.deployments if needle in d.template.casefold()][:RECENT]
        if past:
            items += [Section(tr("Recent")), *past]
        self.rows.show_rows(items)

    def _choose(self, item: object) -> None:
        if isinstance(item, Template):
            self.chosen.emit(item)

    def _open(self, item: object) -> None:
        if isinstance(item, Deployment):
            self.opened.emit(item)

    def _cells(self, item: object) -> Sequence[Cell]:
        if isinstance(item, Template):
            icon, tone, word = look(item.last)
            at = age(item.last_at) if item.last else tr("never")
            if item.last and not item.last.over:
                at = tr("now")
            loud = tone if tone in ("danger", "accent") else "muted"
            tip = f"{item.name}\n{item.description or item.playbook}\n{word} {moment(item.last_at)}"
            return (Cell(item.name, icon, tone, right=at, right_tone=loud, tip=tip.strip()),)
        if isinstance(item, Deployment):
            icon, tone, word = look(item.state)
            at = age(item.finished or item.started or item.created)
            aside = item.commit[:8]
            tip = f"{item.template}\n{word} {moment(item.created)}\n{item.operator}"
            return (Cell(item.template, icon, tone, aside=aside, right=at, tip=tip),)
        return (Cell(),)


def _matches(one: Template, needle: str) -> bool:
    return needle in f"{one.name} {one.playbook} {one.group} {one.description}".casefold()


def _key(item: object) -> object:
    if isinstance(item, Template):
        return ("template", item.id)
    if isinstance(item, Deployment):
        return ("deployment", item.id)
    return item


def _name(item: object) -> str:
    if isinstance(item, Template):
        return f"{item.name}, {look(item.last)[2]}"
    if isinstance(item, Deployment):
        return f"{item.template}, {look(item.state)[2]}"
    return ""
