"""The pane that adds or edits an integration: address, token with its steps, a test, then Save."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLineEdit, QVBoxLayout, QWidget

from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.domain.forges import Need
from aiops_desktop.domain.integrations import (
    FORGES,
    PUBLIC,
    Integration,
    IntegrationDraft,
    IntegrationKind,
    IntegrationReport,
    IntegrationSaved,
    scopes_for,
    token_steps,
)
from aiops_desktop.domain.trouble import Trouble
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.tenant_choice import TenantChoice
from aiops_desktop.ui.jobs import JobRecord
from aiops_desktop.ui.parts.kit import Field
from aiops_desktop.ui.parts.layout import (
    MARGIN,
    STRETCH,
    Item,
    bar,
    clear,
    hbox,
    hline,
    holder,
    label,
    reveal,
    scroller,
    vbox,
    vline,
    words,
)
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.views.integrations.checklist import Checklist
from aiops_desktop.ui.views.integrations.renewing import Renewing

WIDTH = 400
_NUMBERS = ("one", "two", "three", "four", "five")
#: Where each forge makes tokens, below its address.
_TOKENS = {
    IntegrationKind.GITLAB: "/-/user_settings/personal_access_tokens",
    IntegrationKind.GITHUB: "/settings/tokens",
}


class IntegrationForm(QWidget):
    """A form beside the table.

    Signals:
        closed: it is not wanted any more.
        saved(int): the integration with this id was added or changed.
    """

    closed = Signal()
    saved = Signal(int)

    def __init__(
        self, desk: Desk, before: Integration | None = None, *, token: bool = False
    ) -> None:
        """`before` is the one to edit; with `token` only a new token is wanted of it."""
        super().__init__()
        self.setFixedWidth(WIDTH)
        self.desk, self.kit = desk, desk.kit
        self.before, self._only_token = before, token
        self.report: IntegrationReport | None = None
        self._job: JobRecord | None = None
        self.fields: dict[str, Field] = {}
        self._build()
        self._look()

    def _build(self) -> None:
        kit, before, only = self.kit, self.before, self._only_token
        self.heading = label("", "title")
        self.kind = kit.choice(*(kind.shown for kind in FORGES))
        self.tenant = TenantChoice(self.desk, before.tenant_id if before else None)
        self.url = kit.edit("", mono=True)
        self.name = kit.edit(tr("Named after its server when left empty"))
        self.ca = kit.edit(tr("PEM file; empty for the system's"), mono=True)
        self.token = kit.edit(secret=True)
        self._eye()
        self.wants = {
            Need.ISSUES: kit.check(tr("Change issues")),
            Need.PUSH: kit.check(tr("Push over https")),
            Need.USER_KEY: kit.check(tr("Add keys")),
        }
        self.wants[Need.PUSH].setChecked(True)
        self.steps = vbox(gap=4)
        self.open = kit.link("", self._browse)
        self.checklist = Checklist(kit)
        self._values()
        close = kit.tool("x", tr("Close"), self.closed.emit, slim=True)
        self.renewing = Renewing(self.desk, before, self._renew) if only and before else None
        column = vbox(
            hbox(self.heading, STRETCH, close),
            4,
            self.renewing,
            *self._places(),
            hbox(label(tr("What it is wanted for"), "section")),
            holder(hbox(*self.wants.values(), STRETCH, gap=12), height=28),
            4,
            hbox(label(tr("Get a token"), "section"), STRETCH, self.open),
            self.steps,
            8,
            self._field("token", tr("Token"), self.token),
            8,
            self.checklist,
            STRETCH,
            gap=8,
            margins=(MARGIN, 12, MARGIN, 12),
        )
        self.again = kit.button(tr("Test"), "lightning", self.test)
        self.why = label("", "small")
        self.save = kit.button(tr("Save integration"), "", self.submit, primary=True)
        foot = bar(self.again, STRETCH, self.why, self.save)
        inner = holder(vbox((scroller(holder(column)), 1), hline(), foot, gap=0))
        self.setLayout(hbox(vline(), (inner, 1), gap=0))
        self._connect()

    def _places(self) -> list[Item]:
        """The fields above the steps; where only a token is wanted there are none."""
        who = self._field("tenant", tr("Tenant"), self.tenant)
        kind = self._field("kind", tr("Kind"), self.kind)
        url = self._field(
            "base_url",
            tr("Base URL"),
            self.url,
            tr("Without /api/v4. Use /sub/path where GitLab lives below one."),
        )
        name = self._field("name", tr("Name"), self.name)
        own = self._field("ca_file", tr("Own certificate authority"), self.ca)
        browse = self.kit.button(tr("Choose…"), "", self._choose_file, small=True)
        self.rest = self.kit.link(tr("Its name, its own authority…"), self._show_rest)
        first = holder(hbox((holder(who), 3), (holder(kind), 2), gap=12))
        self._own = holder(vbox(name, own, hbox(browse, STRETCH), gap=8))
        rest = holder(hbox(self.rest, STRETCH))
        parts = [first, holder(url), rest]
        for part in parts:
            reveal(part, not self._only_token)
        reveal(self._own, False)
        if self.before is not None and not self._only_token:
            self._show_rest()
        return [*parts, self._own, 4]

    def _show_rest(self) -> None:
        """What is seldom needed."""
        reveal(self._own, True)
        reveal(self.rest, False)

    def _field(self, name: str, title: str, control: QWidget, help_: str = "") -> QVBoxLayout:
        made = Field(self.kit, title, control, help_)
        self.fields[name] = made
        return made.layout

    def _eye(self) -> None:
        action = self.token.addAction(
            self.kit.icon("eye", "muted"), QLineEdit.ActionPosition.TrailingPosition
        )
        action.setToolTip(tr("Show or hide the token"))
        action.setCheckable(True)
        modes = QLineEdit.EchoMode
        action.toggled.connect(
            lambda on: self.token.setEchoMode(modes.Normal if on else modes.Password)
        )

    def _values(self) -> None:
        before = self.before
        if before is None:
            return
        self.kind.setCurrentIndex(FORGES.index(before.kind))
        self.url.setText(before.base_url)
        self.name.setText(before.name)
        self.ca.setText(before.ca_file)
        if not self._only_token:
            self.token.setPlaceholderText(tr("The kept one, unless you enter another"))
        for fixed in (self.kind, self.tenant):
            fixed.setEnabled(False)
            fixed.setToolTip(tr("This cannot change. Add another integration instead."))

    def _connect(self) -> None:
        for field in (self.url, self.name, self.ca, self.token):
            field.textChanged.connect(lambda _text: self._changed())
            field.returnPressed.connect(self._entered)
        self.kind.currentIndexChanged.connect(lambda _index: self._changed())
        self.tenant.currentIndexChanged.connect(lambda _index: self._changed())
        for want in self.wants.values():
            want.toggled.connect(lambda _on: self._changed())

    # What is in it ----------------------------------------------------------------------------

    @property
    def chosen_kind(self) -> IntegrationKind:
        """GitLab or GitHub."""
        return FORGES[self.kind.currentIndex()]

    @property
    def needs(self) -> tuple[Need, ...]:
        """What it is wanted for."""
        wanted = [need for need, box in self.wants.items() if box.isChecked()]
        more = (Need.DEPLOY_KEY,) if Need.USER_KEY in wanted else ()
        return (Need.READ, *wanted, *more)

    def draft(self) -> IntegrationDraft:
        """As it stands."""
        return IntegrationDraft(
            self.tenant.tenant_id,
            self.chosen_kind,
            self.name.text().strip(),
            self.url.text().strip(),
            self.token.text().strip(),
            self.ca.text().strip(),
            self.needs,
        )

    # What a person does -----------------------------------------------------------------------

    def test(self) -> None:
        """Look whether it works; while it does, stop looking."""
        if self._job is not None:
            self._job.stop()
            return
        house, draft = self.desk.house, self.draft()
        before = self.before.id if self.before else None
        self.checklist.ask()

        def work(job: Job) -> IntegrationReport:
            return house.integrations.test(draft, job, before)

        def done(report: IntegrationReport) -> None:
            self.report = report
            self.checklist.show_report(report)
            if report.field in self.fields and report.field == "token":
                self.fields["token"].wrong("")
                self.token.setFocus()
            if report.good and report.base_url != draft.base_url and draft.base_url:
                blocked = self.url.blockSignals(True)
                self.url.setText(report.base_url)
                self.url.blockSignals(blocked)

        self._run(tr("Test an integration"), work, done)

    def submit(self) -> None:
        """Save it, after one more look of the service at what is saved."""
        house, draft, before = self.desk.house, self.draft(), self.before

        def work(job: Job) -> IntegrationSaved:
            if before is None:
                return house.integrations.add(draft, job)
            if self._only_token:
                return house.integrations.rotate(before.id, draft.token, job)
            return house.integrations.edit(before.id, draft, job)

        def done(made: IntegrationSaved) -> None:
            self.token.clear()
            self.desk.toast("check-circle", tr("{name} is saved", name=made.integration.name))
            self.saved.emit(made.integration.id)

        self._run(tr("Save an integration"), work, done)

    def _renew(self, days: int) -> None:
        """Have the server replace the token."""
        house, one = self.desk.house, self.before
        if one is None:
            return
        self.checklist.ask()

        def done(made: IntegrationSaved) -> None:
            text = tr("The old one is dead. The new one is kept in the secret store.")
            title = tr("{name} has a new token", name=one.name)
            self.desk.toast("check-circle", title, text)
            self.saved.emit(made.integration.id)

        def failed() -> None:
            self.desk.announce(Changes(Touched.INTEGRATIONS | Touched.HISTORY))

        self._run(
            tr("Rotate the token of {name}", name=one.name),
            lambda job: house.integrations.tokens.renew(one.id, job, days),
            done,
            failed,
        )

    def _run(
        self,
        title: str,
        work: Callable[[Job], object],
        done: Callable[..., None],
        wrong: Callable[[], object] = lambda: None,
    ) -> None:
        for field in self.fields.values():
            field.wrong("")

        def finished(result: object) -> None:
            self._job = None
            done(result)
            self._look()

        def failed(trouble: Trouble) -> None:
            self._job = None
            self._show_trouble(trouble)
            self._look()
            wrong()

        def ended() -> None:
            if self._job is not None:  # stopped: nothing was told
                self._job = None
                self.checklist.forget()
                self._look()

        self._job = self.desk.start(
            title, work, done=finished, trouble=failed, ended=ended, lane=("integration form",)
        )
        self._look()

    def _show_trouble(self, trouble: Trouble) -> None:
        if self.report is None:
            self.checklist.forget()
        field = self.fields.get(trouble.field)
        if field is None:
            self.checklist.say(str(trouble))
            return
        if trouble.field in {"ca_file", "name"}:
            self._show_rest()
        field.wrong(str(trouble))
        field.control.setFocus()

    def _changed(self) -> None:
        """What was tested is not what stands there now."""
        self.report = None
        self.checklist.forget()
        self._look()

    def _entered(self) -> None:
        if self.report is not None and self.report.good:
            self.submit()
        elif self.again.isEnabled():
            self.test()

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, tr("The certificate of the server's own authority"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setDirectory(str(Path.home()))

        def take(path: str) -> None:
            reveal(self._own, True)
            self.ca.setText(path)

        dialog.fileSelected.connect(take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _browse(self) -> None:
        base = self._base()
        QDesktopServices.openUrl(QUrl(f"{base}{_TOKENS[self.chosen_kind]}"))

    # How it looks -----------------------------------------------------------------------------

    def _base(self) -> str:
        told = self.url.text().strip().rstrip("/") or PUBLIC[self.chosen_kind]
        return told if "://" in told else f"https://{told}"

    def _look(self) -> None:
        kind, before, busy = self.chosen_kind.shown, self.before, self._job is not None
        if before is None:
            self.heading.setText(tr("New {kind} integration", kind=kind))
        elif self._only_token:
            self.heading.setText(tr("New token for {name}", name=before.name))
        else:
            self.heading.setText(tr("Edit integration"))
        self.url.setPlaceholderText(PUBLIC[self.chosen_kind])
        try:
            host = urlsplit(self._base()).hostname or ""
        except ValueError:
            host = ""
        self.open.setText(tr("Open {host}", host=host))
        reveal(self.open, bool(host))
        self._show_steps()
        self.again.setText(tr("Stop") if busy else tr("Test again") if self.report else tr("Test"))
        wanting = self._wanting()
        self.again.setEnabled(busy or not wanting)
        self.again.setToolTip("" if busy else wanting)
        if self.renewing is not None:
            self.renewing.set_busy(busy)
        good = self.report is not None and self.report.good
        self.save.setEnabled(good and not busy)
        self.save.setText(tr("Use this token") if self._only_token else tr("Save integration"))
        said = "" if good or busy else tr("Saved after a good test")
        self.why.setText(said if self.report is None else "")
        self.save.setToolTip("" if good else tr("It is saved after a good test."))

    def _wanting(self) -> str:
        if self.token.text().strip():
            return ""
        if self.before is None or self._only_token:
            return tr("Paste a token first.")
        return ""

    def _show_steps(self) -> None:
        clear(self.steps)
        steps = token_steps(self.chosen_kind, scopes_for(self.chosen_kind, self.needs))
        last = tr("Paste it below, then press Test.")
        for number, text in zip(_NUMBERS, (*steps, last), strict=True):
            glyph = self.kit.glyph(f"number-circle-{number}", "muted")
            row = hbox(vbox(glyph, STRETCH, margins=(0, 1, 0, 0)), (words(text), 1))
            row.setAlignment(Qt.AlignmentFlag.AlignTop)
            self.steps.addWidget(holder(row))
