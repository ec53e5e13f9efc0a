"""The details of one event: its facts and what the tool printed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRegularExpression, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QShowEvent,
    QSyntaxHighlighter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QGridLayout, QTextEdit, QWidget

from aiops_desktop.domain.events import Event
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.acting import id_label
from aiops_desktop.ui.parts.layout import (
    MARGIN,
    STRETCH,
    hbox,
    hline,
    holder,
    label,
    vbox,
    vline,
    words,
)
from aiops_desktop.ui.text import counted, moment, tr
from aiops_desktop.ui.theme import Theme, legible, mix, mono_font

#: Lines of output seen without scrolling, and their height.
SEEN, LINE = 14, 20
#: Below this width facts stand under the output.
WIDE = 860
_SECRET = "••••"  # noqa: S105 - what stands for a secret


class Marks(QSyntaxHighlighter):
    """Tints what was masked, and lines that say that something failed."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        self._bad = QRegularExpression(
            r"^(fatal|error|ERROR|FAILED|.*\bfailed=[1-9]|.*\[rejected\])"
        )
        self._masked = QRegularExpression("•{4,}")

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        scheme = self._theme.scheme
        if self._bad.match(text).hasMatch():
            bad = QTextCharFormat()
            bad.setForeground(QColor(legible(scheme.danger, scheme.window, scheme.text)))
            self.setFormat(0, len(text), bad)
        found = self._masked.globalMatch(text)
        while found.hasNext():
            match = found.next()
            masked = QTextCharFormat()
            masked.setBackground(QColor(mix(scheme.window, scheme.text, 0.14)))
            self.setFormat(match.capturedStart(), match.capturedLength(), masked)


class Output(QTextEdit):
    """What a tool printed, monospace, at most SEEN lines high, its end in view."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QTextEdit { background: transparent; border: none; padding: 0; }")
        self.document().setDefaultFont(mono_font())
        self.document().setDocumentMargin(0)
        self.setTabChangesFocus(True)
        self.setAccessibleName(tr("Output"))
        self._marks = Marks(self.document(), theme)
        self.setPlainText(text.rstrip("\n"))
        lines = QTextBlockFormat()
        lines.setLineHeight(LINE, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(lines)
        letters = QTextCharFormat()
        letters.setFont(mono_font())
        cursor.mergeCharFormat(letters)
        self.setFixedHeight(LINE * min(SEEN, self.document().blockCount()) + 4)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin at the end: that is where it went wrong."""
        super().showEvent(event)
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())


class Details(QWidget):
    """Facts left, output right; one under the other where it is narrow."""

    def __init__(
        self,
        desk: Desk,
        event: Event,
        *,
        width: int,
        open_page: tuple[str, Callable[[], object]] | None = None,
        only: Callable[[], object] | None = None,
    ) -> None:
        """`open_page` leads to where this can be dealt with, `only` to all about its subject."""
        super().__init__()
        self._desk, self._event = desk, event
        kit = desk.kit
        wide = width >= WIDE
        buttons = [kit.button(open_page[0], "", open_page[1], small=True)] if open_page else []
        if only is not None and event.subject:
            more = kit.button(tr("All about this"), "", only, small=True)
            more.setToolTip(tr("Show all that was done to {name}", name=event.subject))
            buttons.append(more)
        facts, output = self._facts(), self._output()
        acts = hbox(*buttons, STRETCH)
        if wide:
            left = holder(vbox(facts, 8, acts, STRETCH, gap=0), width=320)
            inner = hbox(left, vline(), (output, 1), gap=MARGIN)
        else:
            inner = hbox((holder(vbox(output, 8, facts, 8, acts, gap=0)), 1))
        inner.setContentsMargins(MARGIN + 40, 12, MARGIN, 12)
        self.setLayout(vbox(holder(inner, "ground"), hline(), gap=0))

    def height_for(self, width: int) -> int:
        """How high it has to be in a table so wide."""
        self.resize(width, self.sizeHint().height())
        layout = self.layout()
        if layout is not None and layout.hasHeightForWidth():
            return layout.totalHeightForWidth(width)
        return self.sizeHint().height()

    def _facts(self) -> QWidget:
        event = self._event
        rows = [(tr("Began"), moment(event.started)), (tr("Subject"), event.subject)]
        if event.note:
            rows.append((tr("Note"), event.note))
        rows += [(name[:1].upper() + name[1:], value) for name, value in event.facts.items()]
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        grid.setColumnMinimumWidth(0, 80)
        for number, (name, value) in enumerate(rows):
            grid.addWidget(label(name, "muted"), number, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._value(value), number, 1)
        grid.setRowStretch(len(rows), 1)
        return made

    def _value(self, value: str) -> QWidget:
        if len(value) == 40 and all(letter in "0123456789abcdef" for letter in value):
            return id_label(self._desk, value)
        shown = value if len(value) <= 400 else value[:400] + "…"
        # A path or command has no blanks to break at; the invisible ones let it wrap.
        return words("\u200b/".join(shown.split("/")) if len(shown) > 40 else shown)

    def _output(self) -> QWidget:
        text, kit = self._event.output, self._desk.kit
        if not text.strip():
            return holder(vbox(label(tr("It printed nothing."), "muted"), STRETCH))
        lines = counted(text.rstrip("\n").count("\n") + 1, "{n} line", "{n} lines")
        note = kit.glyph("eye-slash", "muted", 14)
        masked = label(tr("Secrets were masked before this was stored"), "small")
        hidden = _SECRET not in text
        note.setVisible(not hidden)
        masked.setVisible(not hidden)
        copy = kit.tool(
            "copy", tr("Copy output"), lambda: QGuiApplication.clipboard().setText(text), slim=True
        )
        head = holder(hbox(note, masked, STRETCH, label(lines, "small"), copy, gap=6), height=24)
        return holder(vbox(head, Output(self._desk.theme, text), STRETCH, gap=4))
