"""Small controls that paint themselves in the theme's colours."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QComboBox,
    QLabel,
    QSizePolicy,
    QWidget,
)

from aiops_desktop.ui import icons
from aiops_desktop.ui.theme import CODE, Theme, mix, mono_font


class Glyph(QWidget):
    """An icon as a widget; follows the theme. Name "spinner" turns while it is shown."""

    def __init__(self, theme: Theme, name: str, tone: str = "text", size: int = 16) -> None:
        super().__init__()
        self._theme, self._size = theme, size
        self._angle = 0
        self._timer = QTimer(self)
        self._timer.setInterval(90)
        self._timer.timeout.connect(self._turn)
        self.setFixedSize(size, size)
        self.show_icon(name, tone)

    def show_icon(self, name: str, tone: str = "text") -> None:
        """Show another icon or tone."""
        self._name, self._tone = name, tone
        if name == "spinner" and self.isVisible():
            self._timer.start()
        elif name != "spinner":
            self._timer.stop()
        self.update()

    def showEvent(self, event: object) -> None:
        """Turn only while seen."""
        if self._name == "spinner":
            self._timer.start()

    def hideEvent(self, event: object) -> None:
        """Rest."""
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the icon."""
        painter = QPainter(self)
        if self._name == "spinner":
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            middle = self._size / 2
            painter.translate(middle, middle)
            painter.rotate(self._angle)
            painter.translate(-middle, -middle)
        colour = self._tone if self._tone.startswith("#") else self._theme.scheme.tone(self._tone)
        icons.draw(painter, self.rect(), self._name, colour)

    def _turn(self) -> None:
        self._angle = (self._angle + 30) % 360
        self.update()


class Dot(QWidget):
    """A tenant's colour, 10 px."""

    def __init__(self, colour: str = "", size: int = 10) -> None:
        super().__init__()
        self._colour = colour
        self.setFixedSize(size, size)

    def set_colour(self, colour: str) -> None:
        """Show another colour."""
        self._colour = colour
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the square with its soft corners."""
        if self._colour:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._colour))
            painter.drawRoundedRect(QRectF(self.rect()), 3, 3)


class Elided(QLabel):
    """One line that gives way where there is no room; the whole of it in the tooltip."""

    def __init__(
        self, text: str = "", role: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle
    ) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._mode = mode
        if role:
            self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self.setToolTip(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for the whole text."""
        return QSize(
            self.fontMetrics().horizontalAdvance(self.text()) + 4, super().sizeHint().height()
        )

    def minimumSizeHint(self) -> QSize:
        """Room for hardly any."""
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        cut = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        painter.drawText(
            self.rect(), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), cut
        )


class Choice(QComboBox):
    """A combo box with a caret; a locked one shows a padlock."""

    def __init__(self, theme: Theme, *values: str) -> None:
        super().__init__()
        self._theme = theme
        self.addItems(list(values))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContentsOnFirstShow)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page: scrolling by must not choose something else."""
        event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the caret over Qt's own box."""
        super().paintEvent(event)
        name = "caret-down" if self.isEnabled() else "lock-simple"
        at = QRect(self.width() - 26, self.height() // 2 - 7, 14, 14)
        icons.draw(QPainter(self), at, name, self._theme.scheme.muted)


class Check(QCheckBox):
    """A check box with a mark that is clear in both schemes."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__(text)
        self._theme = theme
        self.setMinimumHeight(24)

    def sizeHint(self) -> QSize:
        """Box, gap and words."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + 16 + 8 + 8
        return QSize(width, 24)

    def hitButton(self, position: object) -> bool:
        """The words are part of it."""
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint box, mark, words and focus ring."""
        scheme, painter = self._theme.scheme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(3.5, self.height() / 2 - 7.5, 15, 15)
        on, usable = self.isChecked(), self.isEnabled()
        edge = scheme.accent if on and usable else mix(scheme.border, scheme.muted, 0.6)
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(QColor(scheme.accent if on and usable else scheme.surface))
        painter.drawRoundedRect(box, 3, 3)
        if on:
            colour = scheme.on_accent if usable else scheme.muted
            icons.draw(painter, box.toRect().adjusted(1, 1, -1, -1), "check", colour)
        painter.setPen(QColor(scheme.text if usable else scheme.muted))
        painter.drawText(
            QRect(26, 0, self.width() - 26, self.height()),
            int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft),
            self.text(),
        )
        if self.hasFocus():
            painter.setPen(QPen(QColor(scheme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 5, 5)


class Switch(QAbstractButton):
    """On or off, 28 × 16 with room for the focus ring."""

    def __init__(self, theme: Theme, name: str, on: bool = False) -> None:
        """`name` is its accessible name."""
        super().__init__()
        self._theme = theme
        self.setCheckable(True)
        self.setChecked(on)
        self.setAccessibleName(name)
        self.setFixedSize(34, 22)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint track, knob and focus ring."""
        painter, scheme, on = QPainter(self), self._theme.scheme, self.isChecked()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        live = scheme.accent if self.isEnabled() else scheme.muted
        painter.setPen(QPen(QColor(live if on else scheme.muted), 1))
        painter.setBrush(QColor(live if on else scheme.surface))
        painter.drawRoundedRect(QRectF(3.5, 3.5, 27, 15), 7.5, 7.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(scheme.on_accent if on else scheme.muted))
        painter.drawEllipse(QPointF(23 if on else 11, 11), 5, 5)
        if self.hasFocus():
            painter.setPen(QPen(QColor(scheme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 10, 10)


class Line(QWidget):
    """How far something is: a thin line; `part` None while nobody knows."""

    def __init__(self, theme: Theme, *, height: int = 2, width: int = 0) -> None:
        super().__init__()
        self._theme = theme
        self._part: float | None = 0.0
        self._phase = 0
        self._timer = QTimer(self)
        self._timer.setInterval(40)
        self._timer.timeout.connect(self._move)
        self.setFixedHeight(height)
        if width:
            self.setFixedWidth(width)

    def set_part(self, part: float | None) -> None:
        """Show 0 to 1, or that the end is not known."""
        self._part = part
        if part is None and self.isVisible():
            self._timer.start()
        elif part is not None:
            self._timer.stop()
        self.update()

    def showEvent(self, event: object) -> None:
        """Move only while seen."""
        if self._part is None:
            self._timer.start()

    def hideEvent(self, event: object) -> None:
        """Rest."""
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint ground and line."""
        painter, scheme = QPainter(self), self._theme.scheme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        soft = self.height() / 2 if self.height() > 2 else 0
        painter.setBrush(QColor(mix(scheme.surface, scheme.border, 0.8)))
        painter.drawRoundedRect(self.rect(), soft, soft)
        painter.setBrush(QColor(scheme.accent))
        width = self.width()
        if self._part is None:
            piece = width // 4
            left = (self._phase * 8) % (width + piece) - piece
            painter.drawRoundedRect(QRect(left, 0, piece, self.height()), soft, soft)
        elif self._part > 0:
            painter.drawRoundedRect(
                QRect(0, 0, round(width * self._part), self.height()), soft, soft
            )

    def _move(self) -> None:
        self._phase += 1
        self.update()


class CommandText(QWidget):
    """A command in monospace, broken between arguments only, never cut off."""

    LINE = 20

    def __init__(self, text: str = "") -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another command."""
        self.text = text
        self._groups = _groups(text)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Narrow means high."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Twenty pixels a line."""
        return self.LINE * len(self._lines(width))

    def sizeHint(self) -> QSize:
        """As high as the present width needs."""
        return QSize(240, self.heightForWidth(max(self.width(), 240)))

    def resizeEvent(self, event: object) -> None:
        """The height follows the width."""
        self.setMinimumHeight(self.heightForWidth(self.width()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines."""
        painter = QPainter(self)
        painter.setFont(mono_font(CODE))
        painter.setPen(self.palette().windowText().color())
        for number, line in enumerate(self._lines(self.width())):
            painter.drawText(QPointF(0, number * self.LINE + 14), line)

    def _lines(self, width: int) -> list[str]:
        room = max(8, int(width / QFontMetricsF(mono_font(CODE)).horizontalAdvance("0")))
        lines = [""]
        for group in self._groups:
            if lines[-1] and len(lines[-1]) + 1 + len(group) > room:
                lines.append("  " + group)
            else:
                lines[-1] = f"{lines[-1]} {group}" if lines[-1] else group
        # A single argument longer than the line has to be cut somewhere to be seen at all.
        return [line[at : at + room] for line in lines for at in range(0, max(1, len(line)), room)]


def _groups(text: str) -> list[str]:
    """A command cut where a line may break: an option stays with its value."""
    import shlex

    try:
        tokens = [shlex.quote(token) for token in shlex.split(text)]
    except ValueError:
        tokens = text.split()
    groups: list[str] = []
    for token in tokens:
        last = groups[-1] if groups else ""
        if (
            last.startswith("-")
            and "=" not in last
            and " " not in last
            and not token.startswith("-")
        ):
            groups[-1] += " " + token
        else:
            groups.append(token)
    return groups
