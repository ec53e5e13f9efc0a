"""A host this tenant has not met: its fingerprint to compare, and Trust for this tenant only."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from aiops_desktop.jobs.job import HostQuestion, Reply
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.key_text import art
from aiops_desktop.ui.parts.controls import Dot
from aiops_desktop.ui.parts.details import fact
from aiops_desktop.ui.parts.dialog import Dialog
from aiops_desktop.ui.parts.kit import Field, Kit
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, label, retone, vbox, words
from aiops_desktop.ui.text import counted, tr
from aiops_desktop.ui.theme import Theme, mono_font

GROUP, A_LINE = 4, 6
_PREFIX = "SHA256:"


def bare(fingerprint: str) -> str:
    """A fingerprint without its prefix, padding and blanks, as it may be pasted."""
    text = "".join(fingerprint.split())
    if text[: len(_PREFIX)].upper() == _PREFIX:
        text = text[len(_PREFIX) :]
    return text.rstrip("=")


def pasted(text: str) -> str:
    """The fingerprint in what was pasted, which may be a whole line of `ssh-keygen -l`."""
    for word in text.split():
        if word.upper().startswith(_PREFIX):
            return bare(word)
    return bare(text)


def groups(text: str) -> list[str]:
    """In fours, to be read aloud."""
    return [text[n : n + GROUP] for n in range(0, len(text), GROUP)]


class BigFingerprint(QWidget):
    """Groups of four, six to a line, 20 px monospace; those that differ red and underlined."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        self._theme, self._groups = theme, groups(text)
        self.wrong: frozenset[int] = frozenset()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(" ".join(self._groups))

    def sizeHint(self) -> QSize:
        """Thirty-two pixels a line."""
        return QSize(500, 32 * -(-len(self._groups) // A_LINE))

    def compare(self, other: str) -> None:
        """Mark the groups in which `other` differs."""
        theirs = groups(other)
        self.wrong = frozenset(
            n for n, group in enumerate(self._groups) if other and theirs[n : n + 1] != [group]
        )
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the groups."""
        painter, scheme = QPainter(self), self._theme.scheme
        font = mono_font(20)
        painter.setFont(font)
        width = QFontMetricsF(font).horizontalAdvance("0")
        for n, group in enumerate(self._groups):
            x, y = n % A_LINE * width * 7, 22 + n // A_LINE * 32
            painter.setPen(QColor(scheme.danger if n in self.wrong else scheme.text))
            painter.drawText(QPointF(x, y), group)
            if n in self.wrong:
                long = round(width * len(group))
                painter.fillRect(round(x), y + 5, long, 2, QColor(scheme.danger))


class FoldedArt(QWidget):
    """The picture of a key behind words that unfold it, for those who know it by sight."""

    def __init__(self, kit: Kit, picture: str) -> None:
        super().__init__()
        self.picture = art(picture)
        self.picture.hide()
        self._link = kit.link(tr("Show its picture"), self.turn)
        self._link.setAutoDefault(False)
        self.setLayout(vbox(hbox(self._link, STRETCH), self.picture, gap=4, margins=(0, 4, 0, 0)))

    def turn(self) -> None:
        """Unfold it, or fold it again."""
        self.picture.setVisible(not self.picture.isVisible())
        shown = self.picture.isVisible()
        self._link.setText(tr("Hide its picture") if shown else tr("Show its picture"))


class HostKeyDialog(Dialog):
    """Asks once a host and tenant; a comparison that fails takes Trust away."""

    def __init__(
        self, desk: Desk, parent: QWidget | None, question: HostQuestion, reply: Reply
    ) -> None:
        super().__init__(
            desk,
            parent,
            tr("{host} is new to tenant {tenant}", host=question.host, tenant=question.tenant),
            tr("The first connection decides whom you trust from then on."),
            verb=tr("Trust for tenant {tenant}", tenant=question.tenant),
        )
        self._reply = reply
        self._print = bare(question.fingerprint)
        self.big = BigFingerprint(desk.theme, self._print)
        self.field = self.kit.edit("SHA256:…", mono=True)
        self._glyph = self.kit.glyph("check-circle", "success")
        self._said = words("")
        self._verdict = holder(hbox(self._glyph, (self._said, 1)))
        compare = Field(
            self.kit,
            tr("Compare with what the host’s owner gave you"),
            self.field,
            note=tr("optional"),
        )
        self.body.setSpacing(4)
        for part in (self._facts(question), 12, self.big, 8, compare.layout, self._verdict):
            if isinstance(part, int):
                self.body.addSpacing(part)
            elif isinstance(part, QWidget):
                self.body.addWidget(part)
            else:
                self.body.addLayout(part)
        if question.randomart:
            self.body.addWidget(FoldedArt(self.kit, question.randomart))
        self.field.textChanged.connect(self._compare)
        self._compare("")
        self.field.setFocus()

    def submit(self) -> None:
        """Trust."""
        if self.accept_button.isEnabled():
            self._reply.give("trust")
            self.accept()

    def _facts(self, question: HostQuestion) -> QWidget:
        tenant = next((t for t in self.desk.tenants.values() if t.name == question.tenant), None)
        where = tr("port {n}", n=question.port)
        if question.address and question.address != question.host:
            where = tr("{address}, port {n}", address=question.address, n=question.port)
        trusted = tr("{tenant} only; other tenants are asked again", tenant=question.tenant)
        return holder(
            vbox(
                fact(tr("Host"), label(question.host, "mono"), label(where, "muted")),
                fact(tr("Key"), label(tr("{kind}, SHA-256", kind=kind_of(question.key_type)))),
                fact(tr("Trusted by"), Dot(tenant.colour if tenant else ""), label(trusted)),
                gap=0,
            )
        )

    def _compare(self, typed: str) -> None:
        """Say whether it matches; while nothing is typed, nothing is said."""
        text = pasted(typed)
        self._verdict.setVisible(bool(text))
        right = text == self._print
        self.big.compare("" if right else text)
        self.accept_button.setEnabled(right or not text)
        if right:
            self._glyph.show_icon("check-circle", "success")
            said = counted(len(text), "Matches, all {n} characters", "Matches, all {n} characters")
            self._said.setText(said)
        elif text:
            self._glyph.show_icon("x-circle", "danger")
            at = next(
                (n for n, (a, b) in enumerate(zip(text, self._print, strict=False)) if a != b),
                min(len(text), len(self._print)),
            )
            self._said.setText(
                tr("Differs at character {n}. Ask the owner before you go on.", n=at + 1)
            )
        retone(self._said, tone="success" if right else "danger")


def kind_of(key_type: str) -> str:
    """A key type as people call it: "ssh-ed25519" is "Ed25519"."""
    low = key_type.lower()
    for mark, name in (("ed25519", "Ed25519"), ("ecdsa", "ECDSA"), ("rsa", "RSA"), ("dss", "DSA")):
        if mark in low:
            return name
    return key_type or tr("unknown type")
