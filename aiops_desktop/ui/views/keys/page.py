"""The keys of all tenants, with what each is and who uses it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.changes import Touched
from aiops_desktop.domain.keys import Key, KnownHost
from aiops_desktop.domain.tenants import Tenant
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.key_text import type_name
from aiops_desktop.ui.parts.layout import STRETCH, Sheds, bar, hbox, hline, holder, label, vline
from aiops_desktop.ui.parts.notice import empty_state
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.parts.rows import Cell, Column, Rows
from aiops_desktop.ui.text import age, counted, moment, tr
from aiops_desktop.ui.views.keys.details import KeyDetails


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key with its tenant, the projects that put it first, and the tenant's known hosts."""

    key: Key
    tenant: Tenant
    used_by: tuple[str, ...]
    projects: int
    hosts: tuple[KnownHost, ...]


class KeysPage(Page):
    """A table with a details pane."""

    interest = Touched.KEYS | Touched.TENANTS | Touched.PROJECTS
    every_project = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._lines: list[KeyLine] = []
        kit = self.kit
        self._count = label("", "muted")
        self.search = kit.search(tr("Filter by name, tenant or fingerprint"))
        self.search.setFixedWidth(280)
        self._new = kit.button(
            tr("New key"), "plus", lambda: desk.run_action("key.new"), primary=True
        )
        bring = kit.button(tr("Import…"), "download-simple", lambda: desk.run_action("key.import"))
        head = bar(
            label(tr("Keys"), "title"), self._count, 8, self.search, STRETCH, bring, self._new
        )
        self.rows = Rows(
            desk.theme,
            (
                Column(tr("Name")),
                Column(tr("Type"), 112),
                Column(tr("SHA-256"), 84, least=620),
                Column(tr("Used by"), 136, least=480),
                Column(tr("Passphrase"), 112, least=720),
                Column(tr("Age"), 64),
            ),
            _cells,
            headers=True,
            key=lambda line: line.key.id if isinstance(line, KeyLine) else line,
        )
        self.rows.setAccessibleName(tr("Keys of all tenants"))
        self.details = KeyDetails(desk)
        rule = vline()
        self._empty = empty_state(
            kit,
            tr("No keys yet. A key lets a tenant's projects reach their server over SSH."),
            kit.button(tr("New key"), "plus", lambda: desk.run_action("key.new")),
        )
        self._table = holder(hbox((self.rows, 1), rule, self.details, gap=0))
        Sheds(self._table, (720, self.details), (720, rule))
        self.body.addWidget(head)
        self.body.addWidget(hline())
        self.body.addWidget(self._table, 1)
        self.body.addWidget(self._empty, 1)
        self._empty.hide()
        self.rows.chosen.connect(
            lambda line: self.details.show_line(line if isinstance(line, KeyLine) else None)
        )
        self.search.textChanged.connect(lambda _text: self._show())

    def ask(self) -> Callable[[Job], list[KeyLine]]:
        """The keys of every tenant."""
        house = self.desk.house

        def read(job: Job) -> list[KeyLine]:
            made: list[KeyLine] = []
            for tenant in house.tenants.all():
                job.check()
                keys = house.keys.all(tenant.id)
                if not keys:
                    continue
                hosts = tuple(house.keys.hosts(tenant.id))
                projects = len(house.projects.all(tenant.id))
                made += [
                    KeyLine(key, tenant, house.keys.used_by(key.id), projects, hosts)
                    for key in keys
                ]
            return made

        return read

    def fill(self, data: list[KeyLine]) -> None:
        """Show them."""
        self._lines = data
        self._count.setText(str(len(data)) if data else "")
        self._table.setVisible(bool(data))
        self._empty.setVisible(not data)
        self._show()

    def primary(self) -> None:
        """New key."""
        self._new.click()

    def open_argument(self, argument: object) -> None:
        """Choose the key with this id."""
        self.rows.choose(argument)

    def back(self) -> bool:
        """Clear the filter first."""
        if self.search.text():
            self.search.clear()
            return True
        return False

    def _show(self) -> None:
        words = self.search.text().casefold().split()
        shown = [
            line
            for line in self._lines
            if all(
                word in f"{line.key.name} {line.tenant.name} {line.key.fingerprint}".casefold()
                for word in words
            )
        ]
        self.rows.show_rows(shown)
        if self.rows.current() is None:
            self.rows.choose_first()
        current = self.rows.current()
        self.details.show_line(current if isinstance(current, KeyLine) else None)


def used(line: KeyLine) -> str:
    """Who offers the key to a server."""
    if line.used_by:
        return counted(len(line.used_by), "{n} project first", "{n} projects first")
    if not line.projects:
        return tr("nothing yet")
    return counted(line.projects, "{n} project", "{n} projects")


def _cells(item: object) -> tuple[Cell, ...]:
    if not isinstance(item, KeyLine):
        return ()
    key = item.key
    weak = key.type.value == "rsa" and 0 < key.bits < 3072
    return (
        Cell(key.name, "key", tip=f"{item.tenant.name} / {key.name}"),
        Cell(type_name(key), "warning" if weak else "", "warning"),
        Cell(key.fingerprint.removeprefix("SHA256:")[:8], mono=True, text_tone="muted",
             tip=key.fingerprint),
        Cell(used(item), dots=(item.tenant.colour,), tip=item.tenant.name),
        Cell(tr("Asked for"), "lock-simple")
        if key.encrypted
        else Cell(tr("None"), "lock-simple-open"),
        Cell(age(key.created), tip=moment(key.created)),
    )  # fmt: skip
