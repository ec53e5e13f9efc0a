"""The table of the preview: a box to choose a file, a tenant to pick, a name to type."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from aiops_desktop.ui import icons
from aiops_desktop.ui.desk import Desk
from aiops_desktop.ui.dialogs.keys_folder_model import (
    FILE,
    NAME,
    NOTE,
    SAID,
    TENANT,
    TYPE,
    FolderModel,
    Index,
)
from aiops_desktop.ui.parts.row import Row
from aiops_desktop.ui.text import tr
from aiops_desktop.ui.theme import SMALL, mix, mono_font, ui_font

HEIGHT = 32
_WIDTHS = {TYPE: 84, TENANT: 128, NAME: 152, NOTE: 140}


class FolderTable(QTableView):
    """Shows a `FolderModel`; Space turns the box of the current row."""

    def __init__(self, desk: Desk, model: FolderModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_Cells(desk, self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(HEIGHT)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.SelectedClicked
            | QAbstractItemView.EditTrigger.CurrentChanged
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Keys found in the folder"))
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setFixedHeight(32)
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setSectionResizeMode(FILE, QHeaderView.ResizeMode.Stretch)
        for column, width in _WIDTHS.items():
            head.resizeSection(column, width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space turns the box, wherever in the row one is."""
        index = self.currentIndex()
        if event.key() == Qt.Key.Key_Space and index.isValid():
            _turn(self.model(), index)
            return
        super().keyPressEvent(event)


class _Cells(QStyledItemDelegate):
    """Paints the cells and opens the editors."""

    def __init__(self, desk: Desk, table: FolderTable) -> None:
        super().__init__(table)
        self._desk = desk
        self._colours = {t.name: t.colour for t in desk.tenants.values()}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A control's height."""
        return QSize(40, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        scheme, rect, column = self._desk.theme.scheme, QRect(option.rect), index.column()
        text = str(index.data() or "")
        painter.save()
        if option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(mix(scheme.surface, scheme.text, 0.04)))
        row = Row(painter, rect, 0 if column == FILE else 6, 6)
        if column == FILE:
            self._box(painter, rect, index)
            row.take(24)
            row.text(text, scheme.text, mono_font())
        elif column == TYPE:
            row.text(text, scheme.muted)
        elif column == TENANT:
            if self._colours.get(text):
                row.dot(self._colours[text], gap=6)
            row.text(text or tr("Choose…"), scheme.text if text else scheme.accent, gap=6)
            row.glyph("caret-down", scheme.muted, 12)
        elif column == NAME:
            row.text(text, scheme.text, gap=6)
            row.glyph("pencil-simple", scheme.muted, 12)
        elif column == NOTE:
            icon, tone, said = index.data(SAID)
            if icon:
                row.glyph(icon, scheme.tone(tone), 14, gap=6)
            row.text(said, scheme.tone(tone), ui_font(SMALL), elide=Qt.TextElideMode.ElideRight)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(scheme.accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 4, 4)
        painter.restore()

    def _box(self, painter: QPainter, rect: QRect, index: Index) -> None:
        scheme = self._desk.theme.scheme
        on = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        usable = bool(index.flags() & Qt.ItemFlag.ItemIsUserCheckable)
        box = QRectF(rect.left() + 2.5, rect.center().y() - 6.5, 14, 14)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        live = scheme.accent if usable else scheme.muted
        painter.setPen(QPen(QColor(live if on else mix(scheme.border, scheme.muted, 0.6)), 1))
        painter.setBrush(QColor(live if on else scheme.surface))
        painter.drawRoundedRect(box, 3, 3)
        if on:
            icons.draw(painter, box.toRect().adjusted(1, 1, -1, -1), "check", scheme.on_accent)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A combo box that also takes a new tenant's name, or a line."""
        if index.column() == TENANT:
            made = self._desk.kit.choice(*index.model().tenant_names)  # type: ignore[attr-defined]  # it is a FolderModel
            made.setParent(parent)
            made.setEditable(True)
            made.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
            made.activated.connect(lambda _number: self.commitData.emit(made))
            return made
        line = QLineEdit(parent)
        line.setAccessibleName(tr("Key name"))
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Show what stands there."""
        text = str(index.data() or "")
        if isinstance(editor, QComboBox):
            editor.setCurrentText(text)
        elif isinstance(editor, QLineEdit):
            editor.setText(text)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Take what was typed."""
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText())
        elif isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """A click on a file turns its box."""
        if (
            index.column() == FILE
            and isinstance(event, QMouseEvent)
            and event.type() == QEvent.Type.MouseButtonRelease
            and event.button() == Qt.MouseButton.LeftButton
        ):
            _turn(model, index)
            return True
        return super().editorEvent(event, model, option, index)


def _turn(model: QAbstractItemModel, index: Index) -> None:
    box = index.sibling(index.row(), FILE)
    if box.flags() & Qt.ItemFlag.ItemIsUserCheckable:
        on = box.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        state = Qt.CheckState.Unchecked if on else Qt.CheckState.Checked
        model.setData(box, state, Qt.ItemDataRole.CheckStateRole)
