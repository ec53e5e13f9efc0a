"""The form a template makes: its questions, then what a launch may override."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from aiops_desktop.domain.deployments import DeployDraft, Source, SurveyField, Template
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Choice, Switch
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import STRETCH, clear, hbox, hline, holder, label, vbox, words
from aiops_desktop.ui.text import tr

_TEXTS = (
    ("limit", "Limit", "All hosts", True),
    ("branch", "Branch", "As the template has it", True),
    ("tags", "Tags", "All", True),
    ("skip_tags", "Skip tags", "None", True),
    ("arguments", "Arguments", "--forks 10", True),
    ("playbook", "Playbook", "As the template has it", True),
    ("message", "Message", "Shown in the list of runs", False),
)
_SWITCHES = (
    ("dry_run", "Dry run", "Ask every host, change nothing"),
    ("diff", "Show differences", "Print what changes in files"),
    ("debug", "Debug output", "Print every connection and step"),
)
#: Local playbooks never take these, so they are not even shown.
_REMOTE_ONLY = {"branch", "playbook", "message"}


class Form(QWidget):
    """The fields of one template.

    Signals:
        changed: something was typed or switched.
    """

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._kit = desk.kit
        self.template: Template | None = None
        self.fields: dict[str, Field] = {}
        self.switches: dict[str, Switch] = {}
        self._answers: dict[str, Callable[[], str]] = {}
        self._values: dict[str, Callable[[], str]] = {}
        self._box = vbox(gap=16)
        self.setLayout(self._box)

    def show_template(self, template: Template, *, commit: str = "") -> None:
        """Build the fields; what was typed for the same template stays."""
        typed = self._typed() if self.template and self.template.id == template.id else {}
        self.template = template
        clear(self._box)
        self.fields, self.switches, self._answers, self._values = {}, {}, {}, {}
        questions = [self._question(one) for one in template.survey]
        if questions:
            self._box.addWidget(self._grid(questions))
            self._box.addWidget(hline())
        overrides = [*self._inventory(template), *self._overrides(template)]
        self._box.addWidget(self._grid(overrides))
        self._box.addWidget(self._grid(self._switches(template, commit)))
        self._restore(typed)

    def draft(self, project_id: int, commit: str = "") -> DeployDraft:
        """What is filled in."""
        found = self.template
        if found is None:
            raise ValueError("There is no template in the form.")
        hidden = {one.name for one in found.survey if one.type == "secret"}
        answers = {name: value() for name, value in self._answers.items()}
        made = DeployDraft(
            project_id,
            found.id,
            environment={k: v for k, v in answers.items() if v and k not in hidden},
            secrets={k: v for k, v in answers.items() if v and k in hidden},
        )
        texts = {name: value().strip() for name, value in self._values.items()}
        on = {name: switch.isChecked() for name, switch in self.switches.items()}
        bound = on.pop("commit", False)
        return replace(made, **texts, **on, commit=commit if bound else "")  # type: ignore[arg-type]  # names are fields of the draft

    def missing(self) -> str:
        """The title of a required question without an answer; "" when there is none."""
        for one in self.template.survey if self.template else ():
            if one.required and not self._answers[one.name]().strip():
                return one.title
        if self.template and self.template.asks_inventory and not self._values["inventory"]():
            return tr("Inventory")
        return ""

    def wrong(self, trouble: Trouble) -> bool:
        """Show a trouble at its field; False when it belongs to none."""
        for field in self.fields.values():
            field.wrong("")
        found = self.fields.get(trouble.field)
        if found is None:
            return False
        found.wrong(str(trouble))
        found.control.setFocus()
        return True

    # Building ---------------------------------------------------------------------------------

    def _grid(self, items: list[QWidget]) -> QWidget:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(16)
        for at, item in enumerate(items):
            grid.addWidget(item, at // 2, at % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return holder(grid)

    def _question(self, one: SurveyField) -> QWidget:
        note = tr("required") if one.required else ""
        control: QWidget
        if one.choices:
            choice = self._kit.choice()
            if not one.required and not one.default:
                choice.addItem(tr("As the template has it"), "")
            for title, value in one.choices:
                choice.addItem(title, value)
            choice.setCurrentIndex(max(0, choice.findData(one.default)) if one.default else 0)
            choice.currentIndexChanged.connect(lambda _at: self.changed.emit())
            self._answers[one.name] = lambda: str(choice.currentData() or "")
            control = choice
        else:
            edit = self._kit.edit(secret=one.type == "secret")
            edit.setText(one.default)
            edit.textChanged.connect(lambda _text: self.changed.emit())
            self._answers[one.name] = edit.text
            control = edit
        return self._field(one.name, one.title, control, one.description, note)

    def _inventory(self, found: Template) -> list[QWidget]:
        own = found.fixed.get("inventory", "")
        if "inventory" not in found.allowed:
            return [self._locked("inventory", tr("Inventory"), own, found)] if own else []
        choice = self._kit.choice()
        if found.asks_inventory:
            choice.addItem(tr("Choose one"), "")
        elif own:
            choice.addItem(dict(found.inventories).get(own, own), "")
        else:
            choice.addItem(tr("None, only this computer"), "")
        for number, name in found.inventories:
            if name != own and number != own:
                choice.addItem(name, number)
        choice.currentIndexChanged.connect(lambda _at: self.changed.emit())
        self._values["inventory"] = lambda: str(choice.currentData() or "")
        note = tr("required") if found.asks_inventory else ""
        return [self._field("inventory", tr("Inventory"), choice, "", note)]

    def _overrides(self, found: Template) -> list[QWidget]:
        made: list[QWidget] = []
        for name, title, hint, mono in _TEXTS:
            if found.source is Source.LOCAL and name in _REMOTE_ONLY:
                continue
            if name not in found.allowed:
                value = found.fixed.get(name, "")
                if value or name in ("limit", "tags", "branch"):
                    made.append(self._locked(name, tr(title), value, found))
                continue
            edit = self._kit.edit(found.fixed.get(name, "") or tr(hint), mono=mono)
            edit.textChanged.connect(lambda _text: self.changed.emit())
            self._values[name] = edit.text
            made.append(self._field(name, tr(title), edit))
        return made

    def _locked(self, name: str, title: str, value: str, found: Template) -> QWidget:
        edit = self._kit.edit(tr("As the template has it"))
        edit.setText(value)
        edit.setReadOnly(True)
        edit.setProperty("locked", "true")
        padlock = self._kit.icon("lock-simple", "muted")
        edit.addAction(padlock, QLineEdit.ActionPosition.TrailingPosition)
        return self._field(name, title, edit, found.locked.get(name, ""))

    def _switches(self, found: Template, commit: str) -> list[QWidget]:
        made: list[QWidget] = []
        for name, title, help_ in _SWITCHES:
            if name not in found.allowed:
                continue
            made.append(self._switch(name, tr(title), tr(help_)))
        if found.source is Source.SEMAPHORE and commit and "commit" in found.allowed:
            said = tr("Otherwise the server takes the newest one")
            title = tr("Exactly {commit}", commit=commit[:8])
            made.append(self._switch("commit", title, said))
        return made

    def _switch(self, name: str, title: str, help_: str) -> QWidget:
        made = Switch(self._kit.theme, title)
        made.toggled.connect(lambda _on: self.changed.emit())
        self.switches[name] = made
        said = holder(vbox(label(title), words(help_, "small"), STRETCH, gap=2))
        return holder(hbox(vbox(made, STRETCH), (said, 1), gap=10))

    def _field(
        self, name: str, title: str, control: QWidget, help_: str = "", note: str = ""
    ) -> QWidget:
        field = Field(self._kit, title, control, help_, note)
        self.fields[name] = field
        made = holder(vbox(field.layout, gap=0))
        made.layout().addStretch(1)  # type: ignore[union-attr]  # a column was just set
        return made

    # What was typed ---------------------------------------------------------------------------

    def _typed(self) -> dict[str, object]:
        kept: dict[str, object] = {}
        for name, field in self.fields.items():
            control = field.control
            if isinstance(control, Choice):
                kept[name] = control.currentData()
            elif isinstance(control, QLineEdit) and not control.isReadOnly():
                kept[name] = control.text()
        return kept | {f"/{name}": one.isChecked() for name, one in self.switches.items()}

    def _restore(self, typed: dict[str, object]) -> None:
        for name, value in typed.items():
            if name.startswith("/"):
                if switch := self.switches.get(name[1:]):
                    switch.setChecked(bool(value))
                continue
            field = self.fields.get(name)
            control = field.control if field else None
            if isinstance(control, Choice):
                control.setCurrentIndex(max(0, control.findData(value)))
            elif isinstance(control, QLineEdit) and not control.isReadOnly():
                control.setText(str(value))
