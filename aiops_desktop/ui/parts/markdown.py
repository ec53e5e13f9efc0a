"""Markdown of others, rendered: nothing is loaded from anywhere, links open when clicked."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import QFrame, QTextBrowser

from aiops_desktop.ui.parts.layout import MARGIN
from aiops_desktop.ui.theme import BODY, Theme, mono_font, ui_font

#: Characters that are rendered; more would keep the window from answering.
SHOWN = 40_000
PROSE, LINE = 720, 20


class Markdown(QTextBrowser):
    """Markdown in the window's own type sizes, as high as its text."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._text: tuple[str, str] = ("", "")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setMaximumWidth(PROSE)
        for bar in (self.setVerticalScrollBarPolicy, self.setHorizontalScrollBarPolicy):
            bar(self.horizontalScrollBarPolicy().ScrollBarAlwaysOff)
        self.document().setDocumentMargin(0)
        self.anchorClicked.connect(open_link)
        self.highlighted.connect(lambda url: self.setToolTip(url.toString()))
        theme.changed.connect(self._render)

    def show_text(self, name: str, text: str) -> None:
        """Show a file's text; Markdown by its name, anything else as it stands."""
        if (name, text) != self._text:
            self._text = (name, text)
            self._render()

    def loadResource(self, kind: int, url: QUrl | str) -> object:
        """Nothing: a text may name files of this computer and hosts that count visitors."""
        return None

    def wheelEvent(self, event: object) -> None:
        """The page scrolls, not the text."""
        event.ignore()  # type: ignore[attr-defined]  # Qt hands a QWheelEvent

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The height follows the width."""
        super().resizeEvent(event)
        self._fit()

    def _render(self) -> None:
        name, text = self._text
        shown = text[:SHOWN]
        if len(text) > SHOWN:
            shown = shown[: shown.rfind("\n") + 1] + "\n…\n"
        document = self.document()
        document.setUndoRedoEnabled(False)
        if name.lower().endswith((".md", ".markdown")):
            features = QTextDocument.MarkdownFeature
            document.setMarkdown(shown, features.MarkdownDialectGitHub | features.MarkdownNoHTML)
            document.setIndentWidth(MARGIN)
            self._restyle(document)
        else:
            document.setPlainText(shown)
            document.setDefaultFont(mono_font())
        self._fit()

    def _fit(self) -> None:
        document = self.document()
        document.setTextWidth(self.viewport().width())
        self.setFixedHeight(max(LINE, round(document.size().height()) + 8))

    def _restyle(self, document: QTextDocument) -> None:
        """Headings semibold in the size of the text, code monospace, lines of 20 px."""
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        block = document.begin()
        while block.isValid():
            self._restyle_block(cursor, block)
            block = block.next()
        self._restyle_tables(document)
        cursor.endEditBlock()

    def _restyle_tables(self, document: QTextDocument) -> None:
        """One thin line around each cell, and the distance of paragraphs below."""
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                shape = frame.format()
                shape.setBorderCollapse(True)
                shape.setBorder(1)
                shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
                shape.setBorderBrush(QColor(self._theme.scheme.border))
                shape.setCellPadding(4)
                shape.setTopMargin(4)
                shape.setBottomMargin(4)
                frame.setFormat(shape)

    def _restyle_block(self, cursor: QTextCursor, block: QTextBlock) -> None:
        shape = block.blockFormat()
        level, item = shape.headingLevel(), block.textList() is not None
        code, next_code = _is_code(block), _is_code(block.next())
        shape.setTopMargin(12 if level and block.blockNumber() else 0)
        shape.setBottomMargin(4 if level else 0 if item or (code and next_code) else 8)
        shape.setLineHeight(LINE, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        if code:
            shape.setLeftMargin(MARGIN)
        cursor.setPosition(block.position())
        cursor.setBlockFormat(shape)
        for piece in reversed(
            block.textFormats()
        ):  # from the end: words for pictures move the rest
            begin = block.position() + piece.start
            cursor.setPosition(begin)
            cursor.setPosition(begin + piece.length, QTextCursor.MoveMode.KeepAnchor)
            before = piece.format
            fixed = code or before.fontFixedPitch()
            letters = QTextCharFormat()
            letters.setFont(mono_font() if fixed else ui_font(BODY, bool(level)))
            letters.setForeground(QColor(self._theme.scheme.text))
            if before.isImageFormat():
                named = before.toImageFormat().property(QTextFormat.Property.ImageAltText)
                letters.setForeground(QColor(self._theme.scheme.muted))
                cursor.insertText(f"[{named}]" if named else "", letters)
                continue
            if before.isAnchor():
                letters.setAnchor(True)
                letters.setAnchorHref(before.anchorHref())
                letters.setForeground(QColor(self._theme.scheme.accent))
            elif before.fontWeight() > 500 and not level:
                letters.setFont(ui_font(BODY, True))
            if before.fontItalic():
                letters.setFontItalic(True)
            cursor.setCharFormat(letters)


def _is_code(block: QTextBlock) -> bool:
    """Fenced or indented: both carry a language, if only an empty one."""
    return block.isValid() and block.blockFormat().hasProperty(
        QTextFormat.Property.BlockCodeLanguage
    )


def open_link(url: QUrl) -> bool:
    """Open a link of the web in the browser; anything else is not followed."""
    return url.scheme().lower() in {"http", "https"} and QDesktopServices.openUrl(url)
