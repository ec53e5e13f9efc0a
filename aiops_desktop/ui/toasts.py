"""Short notices in the corner, and the one painted shadow of everything that floats."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.parts.layout import MARGIN, STRETCH, hbox, holder, vbox, words
from aiops_desktop.ui.text import tr

WIDTH = 344
#: Milliseconds a toast stays; longer when it offers something to do.
STAY, STAY_WITH_ACTION = 5_000, 12_000
MOST = 3
#: Pixels at the foot of a page in which a toast gives way to buttons; how often it looks, in ms.
FOOT, LOOK = 120, 200


class Shadow(QWidget):
    """24 px soft, 4 px down; painted, because the effect class paints nothing on some platforms."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def under(self, rect: QRect) -> None:
        """Lie under what floats there."""
        self.setGeometry(rect.adjusted(-12, -8, 12, 16))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint rings that grow darker inwards."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 9 if self._desk.theme.scheme.dark else 3))
        for n in range(12):
            box = QRectF(self.rect()).adjusted(n, n, -n, -n)
            painter.drawRoundedRect(box, 20 - n, 20 - n)


class Toast(QFrame):
    """One notice: icon, title, text, a button when there is something to do, and Close."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        icon: str,
        title: str,
        text: str,
        step: tuple[str, Callable[[], object]] | None,
        closed: Callable[[Toast], None],
    ) -> None:
        super().__init__(parent)
        self.setObjectName("floating")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(f"{title} {text}".strip())
        self._closed = closed
        kit = desk.kit
        acts = None
        if step:
            name, run = step
            acts = hbox(
                kit.button(name, "", lambda: self._act(run), small=True),
                kit.button(tr("Later"), "", self.leave, small=True, quiet=True),
                STRETCH,
            )
        tone = {"check-circle": "success", "prohibit": "warning", "warning": "warning"}
        heading = words(title, "strong")
        said = vbox(heading, words(text, "muted") if text else None, acts, gap=4)
        row = hbox(
            vbox(kit.glyph(icon, tone.get(icon, "accent")), STRETCH, margins=(0, 1, 0, 0)),
            (holder(said), 1),
            vbox(kit.tool("x", tr("Close"), self.leave, slim=True), STRETCH),
            margins=(12, 12, 8, 12),
        )
        self.setLayout(row)
        self.shadow = Shadow(desk, parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(STAY_WITH_ACTION if step else STAY)
        self._timer.timeout.connect(self.leave)
        self._timer.start()

    def place(self, right: int, bottom: int) -> int:
        """Stand with the lower right corner there; the height taken."""
        high = max(self.heightForWidth(WIDTH), self.minimumSizeHint().height())
        self.setGeometry(right - WIDTH, bottom - high, WIDTH, high)
        self.shadow.under(self.geometry())
        self.shadow.show()
        self.shadow.raise_()
        self.show()
        self.raise_()
        return high

    def _act(self, run: Callable[[], object]) -> None:
        self.leave()
        run()

    def leave(self) -> None:
        """Go."""
        self._timer.stop()
        self.hide()
        self.shadow.hide()
        self.shadow.deleteLater()
        self.deleteLater()
        self._closed(self)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Stay while the mouse is on it."""
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        """Count again."""
        self._timer.start()


class Toasts:
    """Keeps at most three toasts in the corner of a widget, the newest lowest."""

    def __init__(self, desk: Desk, corner: QWidget, offer: Callable[[str], object]) -> None:
        """`offer` turns an action id into (title, call) or None."""
        self._desk, self._corner, self._offer = desk, corner, offer
        self._shown: list[Toast] = []
        self._lift = 0
        self._timer = QTimer(corner)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(lambda: self.place(self._lift))
        desk.toast_wanted.connect(self.say)

    @property
    def shown(self) -> list[Toast]:
        """Those on screen, oldest first."""
        return self._shown

    def say(self, icon: str, title: str, text: str = "", action: str | None = None) -> None:
        """Show one."""
        step = self._offer(action) if action else None
        toast = Toast(
            self._desk,
            self._corner,
            icon or "info",
            title,
            text,
            step if isinstance(step, tuple) else None,
            self._gone,
        )
        self._shown.append(toast)
        while len(self._shown) > MOST:
            self._shown[0].leave()
        self.place(self._lift)
        self._timer.start()

    def place(self, lift: int) -> None:
        """Stand `lift` px above the corner's lower edge (the height of the jobs drawer)."""
        self._lift = lift
        if not self._shown:
            return  # looking at every button of every page takes longer than showing one
        bottom = self._floor(self._corner.height() - lift)
        for toast in reversed(self._shown):
            bottom -= toast.place(self._corner.width() - MARGIN, bottom) + 12

    def _floor(self, foot: int) -> int:
        """Above the buttons that stand at the foot of the page, so that they stay usable."""
        left, floor = self._corner.width() - WIDTH - 2 * MARGIN, foot
        for button in self._corner.findChildren(QPushButton):
            if not button.isVisible() or any(toast.isAncestorOf(button) for toast in self._shown):
                continue
            at = button.mapTo(self._corner, QPoint())
            if at.x() + button.width() > left and foot - FOOT < at.y() < foot:
                floor = min(floor, at.y())
        return floor - MARGIN

    def _gone(self, toast: Toast) -> None:
        if toast in self._shown:
            self._shown.remove(toast)
            self.place(self._lift)
        if not self._shown:
            self._timer.stop()
