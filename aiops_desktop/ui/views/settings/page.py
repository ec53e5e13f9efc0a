"""The settings, made from their schema: sections at the left, fields at the right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QStackedWidget, QWidget

from aiops_desktop.domain.changes import Done, Touched
from aiops_desktop.domain.setting_layers import value_of
from aiops_desktop.domain.settings import Schema, schema
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.layout import (
    STRETCH,
    Sheds,
    bar,
    hbox,
    hline,
    holder,
    label,
    vbox,
    vline,
)
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.parts.rows import Rows
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.views.settings.chain import Chain
from aiops_desktop.ui.views.settings.found import Found, not_taken, read
from aiops_desktop.ui.views.settings.places import Places
from aiops_desktop.ui.views.settings.row import SettingRow
from aiops_desktop.ui.views.settings.savebar import SaveBar
from aiops_desktop.ui.views.settings.sections import SECTIONS, SHEETS, SectionLine, cells, lines
from aiops_desktop.ui.views.settings.semaphore import SemaphoreTest
from aiops_desktop.ui.views.settings.sheet import Sheet

#: Milliseconds without a key until what was typed is looked for on this computer.
REST = 300
#: Pixels of the fields from which on the places of a value stand beside them.
ROOM = 840


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
        self._found: Found | None = None
        self._typing = QTimer(self, interval=REST, singleShot=True)
        self._typing.timeout.connect(self._advise)
        self.search = kit.search(
            counted(len(self._items), "Search {n} setting", "Search {n} settings")
        )
        self.search.setFixedWidth(280)
        self._file = Elided("", "mono-muted")
        folder = kit.tool("folder-open", tr("Open the data folder"), self._open_folder)
        head = bar(label(tr("Settings"), "title"), 8, self.search, STRETCH, self._file, folder)
        self.sections = Rows(
            desk.theme,
            cells=cells,
            name=lambda item: item.title if isinstance(item, SectionLine) else "",
            key=lambda item: item.name if isinstance(item, SectionLine) else item,
        )
        left = holder(vbox((self.sections, 1), margins=(0, 8, 0, 0)), width=264)
        self.sections.setAccessibleName(tr("Sections"))
        self._sheets_stack = QStackedWidget()
        self.test = SemaphoreTest(desk, self)
        for name in SECTIONS:
            self._sheets[name] = self._sheet(name)
            self._sheets_stack.addWidget(self._sheets[name])
        self.chain = Chain(desk)
        self._side = holder(hbox(vline(), self.chain, gap=0))
        upper = holder(hbox((self._sheets_stack, 1), self._side, gap=0))
        self._sheds = Sheds(upper, (ROOM, self._side))
        self._foot = SaveBar(desk, self.primary, self._discard)
        self.save, self.discard = self._foot.save, self._foot.discard
        desk.operator_changed.connect(self._look)
        right = holder(vbox((upper, 1), self._foot, gap=0))
        self.body.addWidget(head)
        self.body.addWidget(hline())
        self.body.addWidget(holder(hbox(left, vline(), (right, 1), gap=0)), 1)
        self.sections.chosen.connect(self._choose)
        self.search.textChanged.connect(self._look_for)
        self._list_sections()
        self.sections.choose_first()
        self._look()

    # Building --------------------------------------------------------------------------------

    def _sheet(self, section: str) -> Sheet:
        mine: list[SettingRow] = []
        for item in self._items:
            if item.section == section:
                row = self.rows[item.path] = SettingRow(self.desk, item, self)
                row.edited.connect(self._edited)
                row.entered.connect(self._tell_places)
                mine.append(row)
        below: list[QWidget] = []
        if section == "semaphore":
            below.append(self.test)
        if section == "update":
            show = self.kit.button(tr("Show the system update"), "arrow-circle-up", self._update)
            below.append(holder(hbox(show, STRETCH)))
        return Sheet(section, mine, below)

    def _update(self) -> None:
        self.desk.go("update")

    # Showing ---------------------------------------------------------------------------------

    @property
    def places(self) -> Places:
        """The page that says where things lie."""
        found = self.sheet("places")
        assert isinstance(found, Places)  # noqa: S101 - what SHEETS makes under this name
        return found

    @property
    def secrets(self) -> QWidget:
        """The page of the secret store."""
        return self.sheet("secrets")

    def sheet(self, name: str) -> QWidget:
        """A page of its own in the settings, made when it is wanted first."""
        if name not in self._sheets:
            self._sheets[name] = SHEETS[name].make(self.desk)
            self._sheets_stack.addWidget(self._sheets[name])
            if name == "places" and self._found is not None:
                self.places.show_places(self._found.keeper, self._found.effective)
        return self._sheets[name]

    def ask(self) -> Callable[[Job], Found]:
        """The settings in force, who keeps the secrets, and what is not on this computer."""
        house = self.desk.house

        return lambda _job: read(house)

    def fill(self, data: Found) -> None:
        """Show them; what was typed and not saved stays."""
        self._found, effective = data, data.effective
        self._problems = {problem.path: problem.sentence for problem in effective.problems}
        for path, row in self.rows.items():
            value, origin = value_of(effective.settings, path), effective.origins[path]
            waits = path in effective.waiting
            if row.dirty and row.raw != "":
                if row.item.option.secret:
                    continue  # its field is cleared whenever it is shown anew
                kept = row.raw
                row.show(value, origin, waits=waits)
                if kept != row.raw:
                    row.put(kept)
                continue
            row.show(value, origin, self._problems.get(path, ""), waits=waits)
            row.advise(data.advice.get(path, ""))
        if "places" in self._sheets:
            self.places.show_places(data.keeper, effective)
        self._file.setText(str(self.desk.layout.settings))
        self._tell_places(self.chain.item.path if self.chain.item else "")
        self._foot.wait_for(
            [item.option.title for item in self._items if item.path in effective.waiting]
        )
        self._tell_problems([problem.sentence for problem in effective.problems])
        self._list_sections()
        self._look()

    def open_argument(self, argument: object) -> None:
        """Choose a section by its name, or a setting by its path."""
        name = str(argument)
        section = name.partition(".")[0]
        self.sections.choose(section)
        sheet = self._sheets.get(section)
        if name in self.rows and isinstance(sheet, Sheet):
            sheet.bring(self.rows[name])

    def primary(self) -> None:
        """Save what is valid."""
        values = {path: row.raw for path, row in self.rows.items() if row.dirty and not row.error}
        if not values or self.desk.refusal("settings.save"):
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
        self._foot.count(len(dirty), sum(1 for row in dirty if row.error))
        if self.sections.rows.items:
            self._list_sections()

    def _edited(self) -> None:
        self._look()
        self._typing.start()

    def _advise(self) -> None:
        """Have this computer looked at for what was typed and could be saved."""
        values = {
            path: row.raw
            for path, row in self.rows.items()
            if row.dirty and not row.error and not row.item.option.secret
        }
        if not values or not self.desk.ready:
            return
        settings = self.desk.house.settings

        def show(said: dict[str, str]) -> None:
            for path, value in values.items():
                if self.rows[path].raw == value:
                    self.rows[path].advise(said.get(path, ""))

        self.desk.read(lambda _job: settings.advice(values), show, lane="settings advice")

    def _tell_places(self, path: str) -> None:
        """Show beside the fields where this setting was looked for; "" the first one's."""
        if self._found is None:
            return
        if not path:
            line = self.sections.current()
            name = line.name if isinstance(line, SectionLine) else ""
            path = next((item.path for item in self._items if item.section == name), "")
        if path:
            self.chain.show_setting(self.rows[path].item, self._found.effective)

    def _tell_problems(self, sentences: Sequence[str]) -> None:
        """Say above all sections which values of which file were not taken."""
        if not sentences:
            return
        self.show_notice(
            not_taken(
                self.kit,
                sentences,
                (
                    self.kit.button(tr("Open the data folder"), "folder-open", self._open_folder),
                    self.kit.button(tr("Read again"), "arrows-clockwise", self.refresh),
                ),
            )
        )

    def _look_for(self, search: str) -> None:
        for sheet in self._sheets.values():
            if isinstance(sheet, Sheet):
                sheet.look_for(search)
        self._list_sections()

    def _list_sections(self) -> None:
        def wrong(item: Schema) -> bool:
            row = self.rows.get(item.path)
            typed = row is not None and row.dirty and bool(row.error)
            return typed or item.path in self._problems

        shown: list[object] = [*lines(self._items, wrong, self.search.text())]
        if shown == self.sections.rows.items:
            return
        self.sections.show_rows(shown)
        if self.sections.current() is None:
            self.sections.choose_first()

    def _choose(self, line: object) -> None:
        if not isinstance(line, SectionLine):
            return
        made = line.name in SECTIONS
        self._sheets_stack.setCurrentWidget(
            self._sheets[line.name] if made else self.sheet(line.name)
        )
        self.chain.setVisible(made)
        if made:
            self._tell_places("")

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.desk.layout.data)))
