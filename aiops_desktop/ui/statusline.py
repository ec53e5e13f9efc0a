"""The line at the foot: whom one acts as, and how the branch stands."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QWidget

import aiops_desktop
from aiops_desktop.domain.changes import Changes, Touched
from aiops_desktop.ui.parts.controls import Elided, Glyph
from aiops_desktop.ui.parts.layout import STRETCH, hbox, label
from aiops_desktop.ui.text import counted, moment, tr

if TYPE_CHECKING:
    from aiops_desktop.domain.repositories import CheckoutStatus, Identity
    from aiops_desktop.domain.trouble import Trouble
    from aiops_desktop.ui.desk import Desk

_INTEREST = Touched.KEYS | Touched.PROJECTS | Touched.TENANTS | Touched.REFS | Touched.SETTINGS


class StatusLine(QWidget):
    """26 px: key, author, host; and the branch's distance from its upstream."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("statusline")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(26)
        self._desk = desk
        self._token = 0
        self._acts = label(tr("acts as"), "small")
        self._key, self._author, self._host = (Elided("", "fine") for _ in range(3))
        kit = desk.kit
        self._icons: list[Glyph] = [
            kit.glyph(name, "muted", 14) for name in ("key", "identification-card", "shield-check")
        ]
        self._said = Elided("", "small")
        self._told = ""
        parts: list[object] = [self._acts]
        for glyph, words in zip(self._icons, (self._key, self._author, self._host), strict=True):
            parts += [glyph, words, 6]
        self.setLayout(hbox(*parts, STRETCH, self._said, gap=6, margins=(12, 0, 12, 0)))
        desk.selected.connect(self.refresh)
        desk.opened.connect(self.refresh)
        desk.changed.connect(self._changed)
        desk.status_changed.connect(self._stand)
        desk.standing.connect(self.tell)
        self.refresh()

    def refresh(self) -> None:
        """Read the identity of the project shown."""
        project = self._desk.project
        self._stand(0)
        self._token += 1
        if project is None or not self._desk.ready:
            self._show(None)
            return
        token, house = self._token, self._desk.house

        def show(found: Identity) -> None:
            if token == self._token:
                self._show(found)

        def trouble(problem: Trouble) -> None:
            if token == self._token:
                self._show(None)
                self._acts.setToolTip(str(problem))

        self._desk.read(
            lambda _job: house.repositories.identity(project.id),
            show,
            trouble=trouble,
            lane="identity",
        )

    def tell(self, words: str) -> None:
        """What a page over all tenants has to say; "" for the branch again."""
        self._told = words
        self._stand(0)

    def _changed(self, changes: Changes) -> None:
        project = self._desk.project
        if changes.matter_to(_INTEREST, project.id if project else None):
            self.refresh()

    def _show(self, found: Identity | None) -> None:
        for part in (*self._icons, self._key, self._author, self._host):
            part.setVisible(found is not None)
        if found is None:
            known = self._desk.project is not None
            self._acts.setText(tr("The identity is not known.") if known else tr("No identity yet"))
            return
        self._acts.setText(tr("acts as"))
        self._acts.setToolTip("")
        key = found.key or found.credential or (tr("no key") if found.host else "")
        self._key.setText(key)
        self._key.setToolTip(found.why or key)
        self._icons[0].setVisible(bool(key))
        self._key.setVisible(bool(key))
        self._author.setText(tr("no author set") if found.author_missing else found.author)
        self._icons[1].show_icon(
            "warning" if found.author_missing else "identification-card",
            "warning" if found.author_missing else "muted",
        )
        self._host.setText(host_words(found))
        self._host.setToolTip(
            tr("Host key known since {when}", when=moment(found.host_since))
            if found.host_since
            else host_words(found)
        )
        unknown = bool(found.host and found.key and not found.host_since)
        self._icons[2].show_icon(
            "shield" if unknown else "shield-check" if found.host else "folder", "muted"
        )

    def _stand(self, _project: int) -> None:
        found = self._desk.status
        if self._told:
            self._said.setText(self._told)
        elif self._desk.project is None:
            self._said.setText(tr("Version {n}", n=version()))
        else:
            self._said.setText(stand(found) if found else "")


def host_words(found: Identity) -> str:
    """The host, and since when it is known: "git.acme.example, known since March"."""
    if not found.host:
        return tr("a folder on this computer")
    if found.host_since is None:
        return tr("{host}, not known yet", host=found.host) if found.key else found.host
    since = found.host_since.astimezone()
    now = datetime.now(UTC).astimezone()
    month = QLocale().standaloneMonthName(since.month)
    if (now - since).days < 1:
        return tr("{host}, known since today", host=found.host)
    if since.year != now.year:
        month = f"{month} {since.year}"
    return tr("{host}, known since {when}", host=found.host, when=month)


def stand(status: CheckoutStatus) -> str:
    """How the branch stands: "main is 2 commits ahead of origin"."""
    if not status.branch:
        return tr("No branch is checked out")
    names = {"branch": status.branch, "remote": status.remote}
    if not status.upstream:
        return tr("{branch} follows no branch of a server", **names)
    if status.ahead and status.behind:
        return tr(
            "{branch} is {a} ahead of {remote}, {b} behind",
            a=status.ahead,
            b=status.behind,
            **names,
        )
    if status.ahead:
        return counted(
            status.ahead,
            "{branch} is {n} commit ahead of {remote}",
            "{branch} is {n} commits ahead of {remote}",
            **names,
        )
    if status.behind:
        return counted(
            status.behind,
            "{branch} is {n} commit behind {remote}",
            "{branch} is {n} commits behind {remote}",
            **names,
        )
    return tr("{branch} is level with {up}", branch=status.branch, up=status.upstream)


def version() -> str:
    """The program's version."""
    return aiops_desktop.__version__
