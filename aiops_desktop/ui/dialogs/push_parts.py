"""What the dialogs about pushing have in common: commits as rows, facts, the host's age."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QLocale, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from aiops_desktop.domain.repositories import Commit, Identity
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.controls import Elided
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import ROW, STRETCH, hbox, holder, label, vbox
from aiops_desktop.ui.parts.rows import Row, Rows
from aiops_desktop.ui.text import age, counted, moment, short_id, tr
from aiops_desktop.ui.theme import SMALL, mono_font, ui_font

#: Rows of commits that are seen without scrolling.
SEEN = 6


class CommitRows(Rows):
    """Commits: id, subject, size, age. Enter or a double click copies the id."""

    def __init__(self, desk: Desk, commits: Sequence[Commit]) -> None:
        self._theme = desk.theme
        self._now = datetime.now(UTC)
        super().__init__(desk.theme, paint=self._paint, name=_said, edge=0)
        self.show_rows(list(commits))
        self.setFixedHeight(ROW * max(1, min(SEEN, len(commits))) + 4)
        self.setAccessibleName(tr("Commits"))
        self.opened.connect(lambda commit: _copy(desk, commit))

    def _paint(self, painter: QPainter, rect: QRect, item: object, selected: bool) -> None:
        if not isinstance(item, Commit):
            return
        scheme, row = self._theme.scheme, Row(painter, rect, 0, 4)
        small = ui_font(SMALL)
        row.glyph("git-commit", scheme.muted)
        row.text(age(item.time, self._now), scheme.muted, small, right=True, width=44, gap=8)
        size = size_words(item)
        if size:
            row.text(size, scheme.muted, small, right=True, gap=12)
        row.text(short_id(item.id), scheme.muted, mono_font(), gap=8)
        row.text(item.summary, scheme.text, elide=Qt.TextElideMode.ElideRight)


def size_words(commit: Commit) -> str:
    """Such as "+86 −12, 4 files"; nothing when it was not counted."""
    if not commit.files:
        return ""
    files = counted(commit.files, "{n} file", "{n} files")
    return f"+{commit.added} −{commit.removed}, {files}"


def facts(*rows: tuple[str, Sequence[QWidget]]) -> QVBoxLayout:
    """Names in a column of 104 px and what they say, 24 px a line."""
    lines = []
    for name, said in rows:
        left = label(name, "muted")
        left.setFixedWidth(104)
        lines.append(holder(hbox(left, *said, STRETCH, gap=6), height=24))
    return vbox(*lines, gap=0)


def acts_as(kit: Kit, identity: Identity) -> list[QWidget]:
    """Whom one acts as: key or credential, and author."""
    said: list[QWidget] = []
    if identity.key:
        name = Elided(identity.key)
        name.setToolTip(identity.why)
        said += [kit.glyph("key", "muted"), name]
    elif identity.credential:
        said += [kit.glyph("key", "muted"), Elided(identity.credential)]
    said += [kit.glyph("identification-card", "muted"), Elided(identity.author)]
    return said


def host_words(identity: Identity) -> str:
    """Since when the host is known: "known since March"."""
    if not identity.host:
        return ""
    if identity.credential:
        return tr("over https")
    if identity.host_since is None:
        return tr("not met yet; its key will be shown")
    since = identity.host_since.astimezone()
    month = QLocale().standaloneMonthName(since.month)
    if since.year != datetime.now(UTC).year:
        month = f"{month} {since.year}"
    return tr("known since {when}", when=month)


def _said(item: object) -> str:
    if not isinstance(item, Commit):
        return ""
    return f"{short_id(item.id)} {item.summary}, {item.author_name}, {moment(item.time)}"


def _copy(desk: Desk, commit: object) -> None:
    from PySide6.QtGui import QGuiApplication

    if isinstance(commit, Commit):
        QGuiApplication.clipboard().setText(commit.id)
        desk.toast("copy", tr("The id is copied"), commit.id)
