"""The integrations of all tenants: who they act as, until when, and what is linked through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QWidget

from aiops_desktop.domain.changes import Touched
from aiops_desktop.domain.integrations import Integration, Leak
from aiops_desktop.jobs.job import Job
from aiops_desktop.ui.actions.integrations import MENU
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import STRETCH, bar, hbox, hline, holder, label, vbox
from aiops_desktop.ui.parts.notice import Banner, empty_state
from aiops_desktop.ui.parts.page import Page
from aiops_desktop.ui.parts.rows import Column, Rows
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.views.integrations.details import WIDTH, IntegrationDetails
from aiops_desktop.ui.views.integrations.form import IntegrationForm
from aiops_desktop.ui.views.integrations.lines import (
    IntegrationLine,
    cells,
    reader,
    said_of,
    standing,
)
from aiops_desktop.ui.views.integrations.two_lines import HEIGHT, TwoLines


class IntegrationsPage(Page):
    """A table, and beside it what is known of one, or the form that adds or edits one.

    Attributes:
        lines: all integrations, as last read.
        form: what adds or edits one; None while it is closed.
    """

    interest = Touched.INTEGRATIONS | Touched.TENANTS | Touched.PROJECTS | Touched.ISSUES
    every_project = True

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.lines: list[IntegrationLine] = []
        self._wanted: object = None
        self._leaks: list[Leak] = []
        self.form: IntegrationForm | None = None
        self.details = IntegrationDetails(desk)
        self._build_table()
        self._side = QStackedWidget()
        self._side.addWidget(self.details)
        self._side.setFixedWidth(WIDTH)
        self._empty = empty_state(
            self.kit,
            tr(
                "No integrations yet. One brings a tenant's issues from GitLab or GitHub, and lets"
                " git use its token."
            ),
            self.kit.button(tr("New integration"), "plus", lambda: self._act("integration.new")),
        )
        self._none = empty_state(self.kit, tr("No integration has this server, tenant or account."))
        self._stack = QStackedWidget()
        for part in (self.rows, self._empty, self._none):
            self._stack.addWidget(part)
        sheet = holder(hbox((self._stack, 1), self._side, gap=0))
        self.body.addWidget(holder(vbox(self._build_head(), hline(), (sheet, 1), gap=0)), 1)
        self.rows.chosen.connect(self._chose)
        self.rows.opened.connect(lambda _line: self._act("integration.edit"))
        self.rows.customContextMenuRequested.connect(self._menu)
        self.search.textChanged.connect(lambda _text: self._show())

    def _build_head(self) -> QWidget:
        kit = self.kit
        self._count = label("", "muted")
        self.search = kit.search(tr("Filter by server, tenant or account"))
        self.search.setMinimumWidth(96)
        self.search.setMaximumWidth(280)
        self._sync = kit.button(
            tr("Sync all"), "arrows-clockwise", lambda: self._act("integrations.sync")
        )
        self._new = kit.button(tr("New integration"), "plus", lambda: self._act("integration.new"))
        return bar(
            label(tr("Integrations"), "title"),
            self._count,
            8,
            (self.search, 1),
            STRETCH,
            self._sync,
            self._new,
        )

    def _build_table(self) -> None:
        self.rows = Rows(
            self.desk.theme,
            (
                Column(tr("Server")),
                Column(tr("Tenant"), 104, least=420),
                Column(tr("Account, scopes"), 144, least=560),
                Column(tr("Expires"), 96, least=500),
                Column(tr("Last sync"), 96, least=680),
                Column(tr("State"), 136),
            ),
            cells,
            headers=True,
            key=lambda line: line.one.id if isinstance(line, IntegrationLine) else line,
        )
        self._delegate = TwoLines(self.desk.theme, HEIGHT, None, 16)
        self.rows.setItemDelegate(self._delegate)
        self.rows.setAccessibleName(tr("Integrations of all tenants"))
        self.rows.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    # What the base asks for -------------------------------------------------------------------

    def ask(self) -> Callable[[Job], tuple[IntegrationLine, ...]]:
        """The integrations of every tenant."""
        return reader(self.desk.house)

    def fill(self, data: Any) -> None:  # noqa: ANN401 - the base's signature
        """Show them."""
        self.lines = list(data)
        self._count.setText(f"{len(self.lines):,}" if self.lines else "")
        self._show()
        if self._wanted is not None:
            self.rows.choose(self._wanted)
            self._wanted = None
        self._warn()

    def primary(self) -> None:
        """Save in the form, else add one."""
        if self.form is None:
            self._new.click()
        elif self.form.save.isEnabled():
            self.form.submit()
        elif self.form.again.isEnabled():
            self.form.test()

    def open_argument(self, argument: object) -> None:
        """Choose the one with this id; ("new", tenant), ("edit", one), ("token", one): the form."""
        if isinstance(argument, tuple):
            what, which = argument
            self.edit(which if isinstance(which, Integration) else None, token=what == "token")
        elif argument is not None and not self.rows.choose(argument):
            self._wanted = argument

    def back(self) -> bool:
        """Close the form first, then clear the filter."""
        if self.form is not None:
            self.close_form()
            return True
        if self.search.text():
            self.search.clear()
            return True
        return False

    # What a person does -----------------------------------------------------------------------

    def edit(self, one: Integration | None, *, token: bool = False) -> None:
        """Open the form, for a new one when there is none to edit."""
        self.close_form()
        self.form = IntegrationForm(self.desk, one, token=token)
        self.form.closed.connect(self.close_form)
        self.form.saved.connect(self._saved)
        self._side.addWidget(self.form)
        self._side.setCurrentWidget(self.form)
        self._side.show()
        first = self.form.token if token else self.form.url
        first.setFocus()

    def close_form(self) -> None:
        """Back to what is known of the chosen one."""
        if self.form is None:
            return
        form, self.form = self.form, None
        self._side.removeWidget(form)
        form.hide()
        form.deleteLater()
        self._side.setVisible(self._stack.currentWidget() is self.rows)

    def _saved(self, integration_id: int) -> None:
        self._wanted = integration_id
        self.close_form()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """None is chosen while nobody sees one."""
        super().hideEvent(event)
        self.desk.integration = None

    def showEvent(self, event: QShowEvent) -> None:
        """The chosen one counts again; checkouts are looked at for tokens."""
        super().showEvent(event)
        self._chose(self.rows.current())
        self._tell()
        house = self.desk.house if self.desk.ready else None
        if house is not None:
            self.desk.read(
                lambda job: house.integrations.remotes.find(job=job), self._found, lane="leaks"
            )

    # How --------------------------------------------------------------------------------------

    def _act(self, action: str) -> None:
        self.desk.run_action(action)

    def _show(self) -> None:
        wanted = self.search.text().casefold().split()
        shown = [line for line in self.lines if all(word in said_of(line) for word in wanted)]
        self.rows.show_rows(shown)
        if self.rows.current() is None:
            self.rows.choose_first()
        self._stack.setCurrentWidget(
            self.rows if shown else self._none if self.lines else self._empty
        )
        self._side.setVisible(bool(shown) or self.form is not None)
        links = any(line.entry.links for line in self.lines)
        self._sync.setEnabled(links)
        self._sync.setToolTip("" if links else tr("No project is linked yet."))
        self._chose(self.rows.current())
        self._tell()

    def _tell(self) -> None:
        if self.isVisible():
            self.desk.standing.emit(standing(self.lines))

    def _chose(self, line: object) -> None:
        chosen = line if isinstance(line, IntegrationLine) else None
        self.desk.integration = chosen if self.isVisible() else None
        self.details.show_line(chosen)

    def _found(self, leaks: list[Leak]) -> None:
        self._leaks = leaks
        self._warn()

    def _warn(self) -> None:
        """A strip for tokens that lie readable in checkouts."""
        count = len(self._leaks)
        if not count:
            self.show_notice(None)
            return
        names = list(dict.fromkeys(leak.project for leak in self._leaks))
        title = counted(
            count,
            "{n} address in a checkout holds a token: {names}",
            "{n} addresses in checkouts hold a token: {names}",
            names=", ".join(names[:5]) + (", …" if len(names) > 5 else ""),
        )
        why = tr("Whoever can read the checkout can read it. Clean moves it to the secret store.")
        clean = self.kit.button(
            counted(count, "Clean {n} address", "Clean {n} addresses"),
            "eraser",
            self._clean,
            small=True,
        )
        reason = self.desk.refusal("integrations.remotes.clean")
        clean.setEnabled(not reason)
        clean.setToolTip(reason)
        self.show_notice(Banner(self.kit, "warning", "warning", "warn", title, why, steps=(clean,)))

    def _clean(self) -> None:
        house, desk = self.desk.house, self.desk
        ids = list(dict.fromkeys(leak.project_id for leak in self._leaks))

        def work(job: Job) -> list[Leak]:
            for number, project_id in enumerate(ids):
                job.progress(tr("Cleaning addresses"), number, len(ids))
                house.integrations.remotes.clean(project_id)
            return house.integrations.remotes.find(job=job)

        def done(left: list[Leak]) -> None:
            desk.toast("check-circle", tr("The addresses are clean"))
            self._found(left)

        desk.start(tr("Take tokens out of addresses"), work, done=done, trouble=self.fail)

    def _menu(self, spot: QPoint) -> None:
        if self.desk.integration is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk.fill_menu(menu, MENU)
        menu.popup(self.rows.viewport().mapToGlobal(spot))
