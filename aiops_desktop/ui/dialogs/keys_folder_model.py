"""The preview of a folder of keys: which file becomes which key of which tenant, to be edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from aiops_desktop.domain.identities import Act, Identity
from aiops_desktop.domain.names import checked_name
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.ui.dialogs.key_text import short_for_today, type_name
from aiops_desktop.ui.text import tr

Index = QModelIndex | QPersistentModelIndex
FILE, TYPE, TENANT, NAME, NOTE = range(5)
#: For the delegate: (icon, tone, words) of the last column.
SAID = Qt.ItemDataRole.UserRole + 1
_DONE = (Act.ADDED, Act.UPDATED)


@dataclass
class Draft:
    """A row as the person has edited it so far."""

    row: Identity
    chosen: bool


class FolderModel(QAbstractTableModel):
    """Rows that are keys; those that are none are not in here."""

    def __init__(self, tenants: Mapping[str, frozenset[str]], parent: QWidget) -> None:
        """`tenants` are the names of all tenants and of their keys."""
        super().__init__(parent)
        self._tenants = {name.casefold(): (name, keys) for name, keys in tenants.items()}
        self.drafts: list[Draft] = []

    @property
    def tenant_names(self) -> list[str]:
        """The tenants there are."""
        return sorted((name for name, _keys in self._tenants.values()), key=str.casefold)

    def show(self, rows: Sequence[Identity], only: Sequence[str] = ()) -> None:
        """Show another folder; `only` are the file names chosen at first, empty: all that can."""
        self.beginResetModel()
        self.drafts = []
        for row in rows:
            named = self._tenants.get(row.tenant.casefold())
            if named:
                row = replace(row, tenant=named[0])
            wanted = row.act is not Act.SKIP and (not only or row.file.name in only)
            self.drafts.append(Draft(row, wanted and not _blocks(self._said(row))))
        self.endResetModel()

    def chosen(self) -> list[Identity]:
        """Every row as it would be applied: the chosen ones, and the others as left out."""
        return [
            replace(d.row, act=Act.ADD if d.row.act is Act.SKIP else d.row.act, note="")
            if d.chosen and d.row.act not in _DONE and not _blocks(self.said(n))
            else replace(d.row, act=Act.SKIP, note="skipped: not chosen")
            for n, d in enumerate(self.drafts)
        ]

    def count(self) -> int:
        """How many would be brought in."""
        return sum(1 for row in self.chosen() if row.act is not Act.SKIP)

    def said(self, number: int) -> tuple[str, str, str]:
        """What is to be said of a row: icon, tone and words."""
        draft = self.drafts[number]
        others = {
            (d.row.tenant.casefold(), d.row.key.casefold())
            for n, d in enumerate(self.drafts)
            if n < number and d.chosen
        }
        return self._said(draft.row, others)

    def _said(
        self, row: Identity, others: set[tuple[str, str]] | None = None
    ) -> tuple[str, str, str]:
        if row.act in (Act.FAILED, Act.ADDED, Act.UPDATED):
            good = row.act is not Act.FAILED
            icon, tone = ("check-circle", "success") if good else ("x-circle", "danger")
            return icon, tone, row.note.removeprefix("failed: ")
        if not row.tenant:
            return "question", "warning", tr("no tenant matches")
        for text, noun in ((row.tenant, "tenant"), (row.key, "key")):
            try:
                checked_name(text, noun)
            except Refused as refused:
                return "warning", "danger", refused.what
        named = self._tenants.get(row.tenant.casefold())
        if row.act is Act.UPDATE:
            return "check-circle", "muted", row.note or tr("there already")
        taken = named is not None and row.key.casefold() in named[1]
        if taken or (row.tenant.casefold(), row.key.casefold()) in (others or set()):
            return "warning", "danger", tr("{name} exists", name=row.key)
        if named is None:
            return "plus-circle", "muted", tr("new tenant")
        if row.note and row.act is not Act.SKIP:
            return "info", "muted", row.note
        if short_for_today(row):
            return "warning-circle", "warning", tr("short for RSA")
        if row.encrypted:
            return "lock-simple", "muted", tr("passphrase")
        return "", "muted", ""

    # Qt's view -------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """Number of rows."""
        return 0 if parent.isValid() else len(self.drafts)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """File, type, tenant, name, note."""
        return 0 if parent.isValid() else 5

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Titles."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("File"), tr("Type"), tr("Tenant"), tr("Key name"), "")[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The file is chosen, tenant and name are edited."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.drafts[index.row()].row.act in _DONE:
            return base
        if index.column() == FILE:
            return base | Qt.ItemFlag.ItemIsUserCheckable
        if index.column() in (TENANT, NAME):
            return base | Qt.ItemFlag.ItemIsEditable
        return base

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Qt's view of a cell."""
        draft, column = self.drafts[index.row()], index.column()
        row = draft.row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            said = self.said(index.row())[2]
            return (row.file.name, type_name(row), row.tenant, row.key, said)[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            tips = (f"{row.file}\n{row.fingerprint}", row.fingerprint, row.tenant, row.key)
            return tips[column] if column < NOTE else self.said(index.row())[2]
        if role == Qt.ItemDataRole.CheckStateRole and column == FILE:
            on = draft.chosen and not _blocks(self.said(index.row()))
            return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
        if role == SAID and column == NOTE:
            return self.said(index.row())
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """What the person chose or typed; a row that is edited is chosen."""
        draft = self.drafts[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == FILE:
            draft.chosen = Qt.CheckState(value) == Qt.CheckState.Checked
        elif role == Qt.ItemDataRole.EditRole and index.column() in (TENANT, NAME):
            text = str(value or "").strip()
            before = draft.row
            if index.column() == TENANT:
                named = self._tenants.get(text.casefold())
                name = named[0] if named else text
                draft.row = replace(before, tenant=name, new_tenant=named is None and bool(name))
                if not before.key:
                    draft.row = replace(draft.row, key=before.file.name)
            else:
                draft.row = replace(before, key=text)
            if draft.row == before:
                return False
            draft.chosen = True
        else:
            return False
        self.dataChanged.emit(self.index(0, 0), self.index(len(self.drafts) - 1, NOTE))
        return True


def _blocks(said: tuple[str, str, str]) -> bool:
    """Whether a row cannot be brought in as it stands."""
    return said[0] in ("question", "warning")
