"""The settings, made from their schema: sections at the left, fields at the right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QStackedWidget, QWidget

from aiops_desktop.domain.changes import Done, Touched
from aiops_desktop.domain.setting_layers import Effective
from aiops_desktop.domain.settings import Schema, schema, section_help
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import (
    FORM,
    STRETCH,
    bar,
    hbox,
    hline,
    holder,
    label,
    scroller,
    vbox,
    vline,
    words,
)
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.parts.rows import Cell, Rows
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.views.settings.places import Places
from aiops_desktop.ui.views.settings.row import SettingRow
from aiops_desktop.ui.views.settings.secrets import SecretStore
from aiops_desktop.ui.views.settings.semaphore import SemaphoreTest

#: Section of the schema → title and icon, in the order of the list.
SECTIONS = {
    "appearance": ("Appearance", "palette"),
    "assistants": ("Assistants", "robot"),
    "terminal": ("Terminals", "terminal-window"),
    "git": ("Git", "git-branch"),
    "ansible": ("Playbooks", "play-circle"),
    "semaphore": ("Semaphore", "rocket-launch"),
    "people": ("People", "users"),
    "security": ("Locking", "shield-check"),
    "update": ("Updates", "arrows-clockwise"),
    "storage": ("Data", "database"),
}
PLACES, SECRETS = "places", "secrets"


@dataclass(frozen=True, slots=True)
class SectionLine:
    """A section in the list; `wrong` counts values that cannot be taken, `found` search hits."""

    name: str
    title: str
    icon: str
    wrong: int = 0


class SettingsPage(Page):
    """Fields by type with help, origin and errors in place; valid changes are saved together."""

    interest = Touched.SETTINGS
    every_project = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        kit = self.kit
        self._items = list(schema())
        self.rows: dict[str, SettingRow] = {}
        self._sheets: dict[str, QWidget] = {}
        self._problems: dict[str, str] = {}
        self.search = kit.search(
            counted(len(self._items), "Search {n} setting", "Search {n} settings")
        )
        self.search.setFixedWidth(280)
        self._file = Elided("", "mono-muted")
        folder = kit.tool("folder-open", tr("Open the data folder"), self._open_folder)
        head = bar(label(tr("Settings"), "title"), 8, self.search, STRETCH, self._file, folder)
        self.sections = Rows(
            desk.theme,
            cells=_cells,
            name=lambda item: item.title if isinstance(item, SectionLine) else "",
            key=lambda item: item.name if isinstance(item, SectionLine) else item,
        )
        left = holder(vbox((self.sections, 1), margins=(0, 8, 0, 0)), width=264)
        self.sections.setAccessibleName(tr("Sections"))
        self._sheets_stack = QStackedWidget()
        self.test = SemaphoreTest(desk, self)
        self.places = Places(desk)
        for name in SECTIONS:
            self._sheets[name] = self._sheet(name)
            self._sheets_stack.addWidget(self._sheets[name])
        self.secrets = SecretStore(desk)
        for name, sheet in ((SECRETS, self.secrets), (PLACES, scroller(self.places))):
            self._sheets[name] = sheet
            self._sheets_stack.addWidget(sheet)
        right = holder(vbox((self._sheets_stack, 1), self._foot(), gap=0))
        self.body.addWidget(head)
        self.body.addWidget(hline())
        self.body.addWidget(holder(hbox(left, vline(), (right, 1), gap=0)), 1)
        self.sections.chosen.connect(self._choose)
        self.search.textChanged.connect(lambda _text: self._list_sections())
        self._list_sections()
        self.sections.choose_first()
        self._look()

    # Building --------------------------------------------------------------------------------

    def _sheet(self, section: str) -> QWidget:
        title = tr(SECTIONS[section][0])
        column = vbox(label(title, "title"), words(section_help(section), "muted"), 12, gap=4)
        for item in self._items:
            if item.section != section:
                continue
            row = self.rows[item.path] = SettingRow(self.desk, item, self)
            row.edited.connect(self._look)
            column.addLayout(row.layout)
            column.addSpacing(16)
        if section == "semaphore":
            column.addWidget(self.test)
        column.addStretch(1)
        inner = holder(column)
        inner.setMaximumWidth(FORM)
        area = scroller(holder(hbox((inner, 10), (QWidget(), 1), margins=(24, 14, 24, 16), gap=0)))
        area.setFrameShape(area.Shape.NoFrame)
        return area

    def _foot(self) -> QWidget:
        self._said = label("")
        self._invalid = self.kit.state("x-circle", "", "danger")
        self.discard = self.kit.button(tr("Discard"), "", self._discard)
        self.save = self.kit.button("", "", self.primary, primary=True)
        self._bar = holder(
            vbox(
                hline(),
                bar(8, self._said, self._invalid, STRETCH, self.discard, self.save),
                gap=0,
            )
        )
        return self._bar

    # Showing ---------------------------------------------------------------------------------

    def ask(self) -> Callable[[Job], tuple[Effective, str]]:
        """The settings in force and who keeps the secrets."""
        house = self.desk.house

        def read(_job: Job) -> tuple[Effective, str]:
            effective = house.settings.effective()
            try:
                keeper = house.secrets.keeper()
            except Trouble as trouble:
                keeper = str(trouble)
            return effective, keeper

        return read

    def fill(self, data: tuple[Effective, str]) -> None:
        """Show them; what was typed and not saved stays."""
        effective, keeper = data
        self._problems = {problem.path: problem.sentence for problem in effective.problems}
        for path, row in self.rows.items():
            section, _, name = path.partition(".")
            if row.dirty and row.raw != "":
                if row.item.option.secret:
                    continue  # its field is cleared whenever it is shown anew
                kept = row.raw
                row.show(_value(effective, section, name), effective.origins[path])
                if kept != row.raw:
                    row.put(kept)
                continue
            row.show(
                _value(effective, section, name),
                effective.origins[path],
                self._problems.get(path, ""),
            )
        self.places.show_places(keeper, effective)
        self._file.setText(str(self.desk.layout.settings))
        self._list_sections()
        self._look()

    def open_argument(self, argument: object) -> None:
        """Choose a section by its name, or a setting by its path."""
        name = str(argument)
        self.sections.choose(name.partition(".")[0])
        if name in self.rows:
            self.rows[name].control.setFocus()

    def primary(self) -> None:
        """Save what is valid."""
        values = {path: row.raw for path, row in self.rows.items() if row.dirty and not row.error}
        if not values:
            return
        house = self.desk.house
        self.save.setEnabled(False)
        self.desk.start(
            counted(len(values), "Save {n} setting", "Save {n} settings"),
            lambda _job: house.settings.save(values),
            done=lambda done: self._saved(values, done),
            trouble=self._refused,
            ended=self._look,
        )

    def back(self) -> bool:
        """Clear the search first."""
        if self.search.text():
            self.search.clear()
            return True
        return False

    def _saved(self, values: dict[str, object], done: Done) -> None:
        for path in values:
            row = self.rows[path]
            if row.item.option.secret:
                row.put("")
            else:
                row.show(
                    row.raw if not isinstance(row.raw, str) else row.raw.strip(), "settings.toml"
                )
        theme = values.get("appearance.theme")
        if isinstance(theme, str):
            self.desk.theme.choose(theme)
            self.desk.settings_theme = theme
        if done.summary:
            self.desk.toast("warning", tr("Saved, but not in force"), done.summary)
        self.refresh()

    def _refused(self, trouble: Trouble) -> None:
        row = self.rows.get(trouble.field)
        if row:
            row.wrong(str(trouble))
        else:
            self.fail(trouble)

    def _discard(self) -> None:
        for row in self.rows.values():
            if row.dirty:
                row.revert()
        self._look()

    def _look(self) -> None:
        dirty = [row for row in self.rows.values() if row.dirty]
        wrong = [row for row in dirty if row.error]
        good = len(dirty) - len(wrong)
        self._bar.setVisible(bool(dirty))
        self._said.setText(counted(len(dirty), "{n} changed", "{n} changed"))
        self._invalid.setVisible(bool(wrong))
        said = self._invalid.findChild(type(self._said))
        if said is not None:
            said.setText(counted(len(wrong), "{n} invalid, left out", "{n} invalid, left out"))
        self.save.setText(counted(good, "Save {n} change", "Save {n} changes"))
        self.save.setEnabled(bool(good))
        if self.sections.rows.items:
            self._list_sections()

    def _list_sections(self) -> None:
        words_ = self.search.text().casefold().split()
        shown: list[object] = []
        for name, (title, icon) in SECTIONS.items():
            mine = [item for item in self._items if item.section == name]
            if words_ and not any(_matches(item, title, words_) for item in mine):
                continue
            rows = [self.rows[item.path] for item in mine if item.path in self.rows]
            wrong = sum(1 for row in rows if row.dirty and row.error)
            wrong += sum(1 for item in mine if item.path in self._problems)
            shown.append(SectionLine(name, tr(title), icon, wrong))
        kept = tr("Secret store")
        if all(word in f"{kept} data key keyring passphrase lock".casefold() for word in words_):
            shown.append(SectionLine(SECRETS, kept, "lock-key"))
        if not words_:
            shown.append(SectionLine(PLACES, tr("Where things lie"), "folder-open"))
        if shown == self.sections.rows.items:
            return
        self.sections.show_rows(shown)
        if self.sections.current() is None:
            self.sections.choose_first()

    def _choose(self, line: object) -> None:
        if isinstance(line, SectionLine):
            self._sheets_stack.setCurrentWidget(self._sheets[line.name])

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.desk.layout.data)))


def _value(effective: Effective, section: str, name: str) -> object:
    return getattr(getattr(effective.settings, section), name)


def _matches(item: Schema, title: str, wanted: list[str]) -> bool:
    known = item.option
    text = f"{title} {known.title} {known.help} {known.env} {item.path}".casefold()
    return all(word in text for word in wanted)


def _cells(item: object) -> tuple[Cell, ...]:
    if not isinstance(item, SectionLine):
        return ()
    wrong = counted(item.wrong, "{n} invalid", "{n} invalid") if item.wrong else ""
    return (Cell(item.title, item.icon, right=wrong, right_tone="danger"),)
