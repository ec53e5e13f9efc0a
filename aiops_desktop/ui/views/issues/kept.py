"""Filters of issues that were kept by name: a menu that recalls, keeps and forgets them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QMenu, QWidget

from aiops_desktop.domain.issues import IssueFilter, SavedFilter
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.text import tr


class Kept:
    """Each operator has filters of his own; `put` shows one."""

    def __init__(self, desk: Desk, over: QWidget, put: Callable[[IssueFilter], object]) -> None:
        self._desk, self._over, self._put = desk, over, put
        self.named: tuple[SavedFilter, ...] = ()

    def unfold(self, below: QWidget, wanted: IssueFilter) -> None:
        """Read them, then show the menu below a button."""

        def show(found: list[SavedFilter]) -> None:
            self.named = tuple(found)
            self.menu(wanted).popup(below.mapToGlobal(below.rect().bottomLeft()))

        house = self._desk.house
        self._desk.read(lambda _job: house.issues.filters.all(), show)

    def menu(self, wanted: IssueFilter) -> QMenu:
        """Recall one, keep what is wanted now, forget one."""
        menu = QMenu(self._over)
        if not self.named:
            none = tr("None yet. Keep what you look for often under a name.")
            menu.addAction(none).setEnabled(False)
        for one in self.named:
            act = menu.addAction(self._desk.kit.icon("bookmark-simple"), _plain(one.name))
            act.triggered.connect(lambda _on=False, one=one: self._put(one.wanted))
        menu.addSeparator()
        keep = menu.addAction(self._desk.kit.icon("plus"), tr("Keep this filter…"))
        keep.triggered.connect(lambda: self._ask(wanted))
        if self.named:
            forget = menu.addMenu(self._desk.kit.icon("trash"), tr("Forget a filter"))
            for one in self.named:
                act = forget.addAction(_plain(one.name))
                act.triggered.connect(lambda _on=False, one=one: self.forget(one))
        return menu

    def forget(self, one: SavedFilter) -> None:
        """Forget one; keeping it again is the way back, and the notice says so."""
        house, desk = self._desk.house, self._desk

        def done(_done: object) -> None:
            told = tr("The filter “{name}” is forgotten", name=one.name)
            desk.toast("bookmark-simple", told, tr("No issue is changed by that."))

        desk.read(lambda _job: house.issues.filters.forget(one.id), done)

    def _ask(self, wanted: IssueFilter) -> None:
        KeepFilterDialog(self._desk, self._over, wanted, self.named).open()


class KeepFilterDialog(Dialog):
    """Asks for the name of a filter."""

    def __init__(
        self, desk: Desk, parent: QWidget, wanted: IssueFilter, named: Sequence[SavedFilter]
    ) -> None:
        super().__init__(
            desk,
            parent,
            tr("Keep this filter"),
            tr("It is yours alone, and works in every project and over all tenants."),
            verb=tr("Keep filter"),
        )
        self._wanted = wanted
        self._taken = {one.name.casefold() for one in named}
        self.name = self.kit.edit(tr("Such as “My bugs”"))
        self.fields = {"name": Field(self.kit, tr("Name"), self.name)}
        self.body.addLayout(self.fields["name"].layout)
        self.name.textChanged.connect(lambda _text: self._look())
        self._look()
        self.name.setFocus()

    def submit(self) -> None:
        """Keep it."""
        name, wanted, house = self.name.text().strip(), self._wanted, self.desk.house

        def done(_kept: SavedFilter) -> None:
            self.desk.toast("bookmark-simple", tr("The filter “{name}” is kept", name=name))
            self.accept()

        def wrong(trouble: Trouble) -> None:
            self.fields["name"].wrong(str(trouble))

        self.read(lambda _job: house.issues.filters.keep(name, wanted), done, trouble=wrong)

    def _look(self) -> None:
        name = self.name.text().strip()
        self.accept_button.setEnabled(bool(name))
        self.accept_button.setToolTip("" if name else tr("Give it a name first."))
        taken = name.casefold() in self._taken
        self.fields["name"].explain(
            tr("It takes the place of the one of this name.") if taken else ""
        )


def _plain(name: str) -> str:
    return name.replace("&", "&&")
