"""Banners, empty states and the way each kind of Trouble looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QPushButton, QSizePolicy, QWidget

from aiops_desktop.domain.trouble import Clash, Missing, NotTrusted, Refused, Trouble
from aiops_desktop.ui.parts.kit import Kit
from aiops_desktop.ui.parts.layout import GAP, MARGIN, STRETCH, hbox, holder, label, vbox, words
from aiops_desktop.ui.text import tr

#: Pixels the words keep beside the steps, and what icon, margins and Hide take.
WORDS, ASIDE = 320, 96
Step = tuple[str, Callable[[], object]]
"""A button's words and what it does."""


def look(trouble: Trouble) -> tuple[str, str, str]:
    """(icon, tone, ground) of a kind of trouble."""
    if isinstance(trouble, Clash):
        return "warning-circle", "warning", "warn"
    if isinstance(trouble, Refused):
        return "prohibit", "warning", "warn"
    if isinstance(trouble, Missing):
        return "puzzle-piece", "warning", "warn"
    if isinstance(trouble, NotTrusted):
        return "shield-warning", "danger", "fail"
    return "x-circle", "danger", "fail"


class Banner(QWidget):
    """A strip that stays above what it concerns until solved: what, why, next steps, details."""

    def __init__(
        self,
        kit: Kit,
        icon: str,
        tone: str,
        ground: str,
        title: str,
        text: str = "",
        *,
        steps: Sequence[QPushButton] = (),
        detail: str = "",
        closed: Callable[[], object] | None = None,
    ) -> None:
        """`steps` are its buttons, the one to press last."""
        super().__init__()
        self.setObjectName(ground)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(title)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._detail = QPlainTextEdit(detail)
        self._detail.setReadOnly(True)
        self._detail.setProperty("mono", "true")
        self._detail.setFixedHeight(112)
        self._detail.hide()
        acts: list[QWidget] = []
        if detail:
            copy = kit.button(
                tr("Copy"), "", lambda: QGuiApplication.clipboard().setText(detail), quiet=True
            )
            acts += [kit.button(tr("Details"), "", self._unfold, quiet=True), copy]
        acts += list(steps)
        self._acts = holder(hbox(*acts)) if acts else None
        self._under = False
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GAP)
        self._grid.setVerticalSpacing(GAP)
        self._grid.setColumnStretch(1, 1)
        said = vbox(words(title, "strong"), words(text) if text else None, gap=2)
        top = Qt.AlignmentFlag.AlignTop
        glyph = holder(vbox(kit.glyph(icon, tone), margins=(0, 3, 0, 0)))
        self._grid.addWidget(glyph, 0, 0, top)
        self._grid.addWidget(holder(said), 0, 1)
        if self._acts:
            self._grid.addWidget(self._acts, 0, 2)
        if closed:
            self._grid.addWidget(kit.tool("x", tr("Hide"), closed, slim=True), 0, 3, top)
        self.setLayout(vbox(self._grid, self._detail, margins=(MARGIN, 10, 8, 10)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The steps go under the words where those would be squeezed."""
        super().resizeEvent(event)
        if self._acts is None:
            return
        left = self.width() - self._acts.sizeHint().width() - ASIDE
        under = left < WORDS
        if under is self._under:
            return
        self._under = under
        self._grid.removeWidget(self._acts)
        if under:
            self._grid.addWidget(self._acts, 1, 1, 1, 2, Qt.AlignmentFlag.AlignLeft)
        else:
            self._grid.addWidget(self._acts, 0, 2)
        self.updateGeometry()

    def _unfold(self) -> None:
        self._detail.setVisible(not self._detail.isVisible())


def trouble_banner(
    kit: Kit,
    trouble: Trouble,
    *,
    steps: Sequence[QPushButton] = (),
    closed: Callable[[], object] | None = None,
) -> Banner:
    """A Trouble as a banner."""
    icon, tone, ground = look(trouble)
    return Banner(
        kit,
        icon,
        tone,
        ground,
        trouble.what,
        trouble.hint,
        steps=steps,
        detail=trouble.detail,
        closed=closed,
    )


def empty_state(kit: Kit, sentence: str, *buttons: QPushButton) -> QWidget:
    """One sentence and one button, in the middle of what is empty."""
    said = words(sentence, "muted")
    said.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    wide = QFontMetrics(said.font()).horizontalAdvance(sentence)
    # Lines of about the same length: a last word alone looks like a mistake.
    said.setMaximumWidth(420 if wide <= 420 else min(420, round(wide / -(-wide // 420) * 1.15)))
    row = hbox(STRETCH, *buttons, STRETCH)
    inner = vbox(
        STRETCH, hbox(STRETCH, (said, 4), STRETCH), row if buttons else None, STRETCH, gap=12
    )
    made = holder(inner)
    made.setAccessibleName(sentence)
    return made


def section_label(text: str, count: str = "") -> QWidget:
    """A section's heading with its count."""
    return holder(hbox(label(text, "section"), label(count, "small"), STRETCH, gap=6))
