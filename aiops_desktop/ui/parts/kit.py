"""Buttons, fields and states: everything small that needs icons or colours of the theme."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from aiops_desktop.ui.icons import Icons
from aiops_desktop.ui.parts.controls import Check, Choice, CommandText, Glyph, Line, Switch
from aiops_desktop.ui.parts.layout import STRETCH, hbox, holder, label, retone, vbox, words
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.theme import BODY, Theme, ui_font

#: Pixels a button's words may ask for; longer ones (names, branches) give way in the middle.
WORDS_MOST = 240


class Button(QPushButton):
    """A push button whose words give way in the middle instead of being cut off."""

    _frame = 32
    _measures = False

    def sizeHint(self) -> QSize:
        """As wide as its words, within reason; Qt takes it for the least width, too."""
        self._measures = True
        whole = super().sizeHint()
        self._measures = False
        words = self.fontMetrics().horizontalAdvance(self.text())
        self._frame = max(0, whole.width() - words)
        return QSize(whole.width() - max(0, words - WORDS_MOST), whole.height())

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Paint what fits; Qt asks the same way when it measures the whole."""
        super().initStyleOption(option)
        if self._measures:
            return
        # Measured semibold: a primary button is painted so.
        metrics, room = QFontMetrics(ui_font(BODY, True)), self.width() - self._frame
        if self.fontMetrics().horizontalAdvance(self.text()) > room + 8:
            option.text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room)


class Kit:
    """Makes small widgets in the house's look. Reached as `desk.kit`."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.icon = Icons(theme)

    def button(
        self,
        text: str,
        icon: str = "",
        clicked: Callable[[], object] | None = None,
        *,
        primary: bool = False,
        danger: bool = False,
        quiet: bool = False,
        small: bool = False,
    ) -> QPushButton:
        """A button named by verb and object; `primary` at most once a page."""
        made = Button(text)
        if made.fontMetrics().horizontalAdvance(text) > WORDS_MOST:
            made.setToolTip(text)
        for name, on in (
            ("primary", primary),
            ("danger", danger),
            ("quiet", quiet),
            ("small", small),
        ):
            if on:
                made.setProperty(name, "true")
        if icon:
            tone = "on_accent" if primary else "danger" if danger else "text"
            made.setIcon(self.icon(icon, tone))
            made.setIconSize(QSize(14, 14) if small else QSize(16, 16))
        made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if clicked:
            made.clicked.connect(lambda _checked=False: clicked())
        return made

    def tool(
        self,
        icon: str,
        tip: str,
        clicked: Callable[[], object] | None = None,
        *,
        text: str = "",
        slim: bool = False,
        tone: str = "text",
    ) -> QPushButton:
        """An icon button without a frame; the tooltip is its accessible name."""
        made = self.button(text, "", clicked, quiet=True)
        made.setIcon(self.icon(icon, tone))
        made.setIconSize(QSize(16, 16))
        made.setToolTip(tip)
        made.setAccessibleName(tip)
        if slim:
            made.setProperty("slim", "true")
        if not text:
            made.setFixedWidth(24 if slim else 30)
            made.setStyleSheet("padding: 0;")
        return made

    def link(self, text: str, clicked: Callable[[], object] | None = None) -> QPushButton:
        """Words that act."""
        made = self.button(text, "", clicked)
        made.setProperty("link", "true")
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        return made

    def pill(self, text: str, clicked: Callable[[], object] | None = None) -> QPushButton:
        """A filled tab; `retone(pill, on="true")` marks the current one."""
        made = self.button(text, "", clicked)
        made.setProperty("pill", "true")
        return made

    def glyph(self, name: str, tone: str = "text", size: int = 16) -> Glyph:
        """An icon as a widget."""
        return Glyph(self.theme, name, tone, size)

    def line(self, *, height: int = 2, width: int = 0) -> Line:
        """A progress line."""
        return Line(self.theme, height=height, width=width)

    def edit(self, hint: str = "", *, mono: bool = False, secret: bool = False) -> QLineEdit:
        """A field of one line, 32 px high."""
        made = QLineEdit()
        made.setPlaceholderText(hint)
        if mono:
            made.setProperty("mono", "true")
        if secret:
            made.setEchoMode(QLineEdit.EchoMode.Password)
        return made

    def search(self, hint: str) -> QLineEdit:
        """A filter field with its glass; Esc clears it."""
        made = self.edit(hint)
        made.addAction(
            self.icon("magnifying-glass", "muted"), QLineEdit.ActionPosition.LeadingPosition
        )
        made.setClearButtonEnabled(False)
        made.setAccessibleName(hint)
        return made

    def choice(self, *values: str) -> Choice:
        """A combo box."""
        return Choice(self.theme, *values)

    def check(self, text: str) -> Check:
        """A check box."""
        return Check(self.theme, text)

    def switch(self, name: str, help_: str = "", on: bool = False) -> tuple[Switch, QHBoxLayout]:
        """A switch, and the row that shows it with its name and one line on what it does."""
        made = Switch(self.theme, name, on)
        said = vbox(label(name), words(help_, "small") if help_ else None, gap=2)
        return made, hbox(vbox(made, STRETCH), (holder(said), 1), gap=10)

    def state(self, icon: str, text: str, tone: str, *, small: bool = False) -> QWidget:
        """A state: its icon and its word in the same colour."""
        said = label(text, "fine" if small else "", tone)
        return holder(
            hbox(self.glyph(icon, tone, 14 if small else 16), said, gap=4 if small else 6)
        )

    def command(self, text: str = "", tip: str = "") -> tuple[CommandText, QFrame]:
        """A command as it will run, with Copy in its corner; the text widget and its frame."""
        shown = CommandText(text)
        frame = QFrame()
        frame.setObjectName("sunken")
        copy = self.tool(
            "copy",
            tip or tr("Copy command"),
            lambda: QGuiApplication.clipboard().setText(shown.text),
            slim=True,
        )
        frame.setLayout(hbox((shown, 1), vbox(copy, STRETCH), margins=(12, 8, 8, 8)))
        return shown, frame


class Field:
    """A form field: label above, control, help or error under it."""

    def __init__(
        self, kit: Kit, name: str, control: QWidget, help_: str = "", note: str = ""
    ) -> None:
        """`note` stands right of the label ("required")."""
        self.control = control
        self._help = help_
        self._glyph = kit.glyph("x-circle", "danger", 14)
        self._below = words(help_, "small")
        self._glyph.hide()
        # Only ever hidden here: shown without a parent they would flash as windows of their own.
        if not help_:
            self._below.hide()
        title = label(name)
        title.setBuddy(control)
        if not control.accessibleName():
            control.setAccessibleName(name)
        self.note = label(note, "small")
        if not note:
            self.note.hide()
        self.layout: QVBoxLayout = vbox(
            hbox(title, STRETCH, self.note),
            control,
            hbox(vbox(self._glyph, STRETCH), (self._below, 1), gap=6),
            gap=4,
        )

    def explain(self, help_: str) -> None:
        """Say something else under the control."""
        self._help = help_
        self.wrong("")

    def wrong(self, sentence: str) -> None:
        """Say at the field what is wrong; "" takes it back."""
        self._glyph.setVisible(bool(sentence))
        self._below.setText(sentence or self._help)
        self._below.setVisible(bool(sentence or self._help))
        retone(self._below, tone="danger" if sentence else "muted")
        retone(self.control, wrong="true" if sentence else "")
