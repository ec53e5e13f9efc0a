"""Verbs of keys: make, bring in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from aiops_desktop.ui.actions.action import Action
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk


def over() -> QWidget | None:
    """What a dialog stands over."""
    return QApplication.activeModalWidget() or QApplication.activeWindow()


def _needs_tenant(desk: Desk) -> str:
    if not desk.ready:
        return tr("The data folder is still being opened.")
    return "" if desk.tenants else tr("A key belongs to a tenant. Create a tenant first.")


def new_key(desk: Desk, tenant_id: int | None = None) -> None:
    """Ask for name and type, then make a key pair."""
    from aiops_desktop.ui.dialogs.key import NewKeyDialog

    NewKeyDialog(desk, over(), tenant_id).open()


def import_key(desk: Desk, tenant_id: int | None = None) -> None:
    """Bring in a private key from a file or as text."""
    from aiops_desktop.ui.dialogs.key import ImportKeyDialog

    ImportKeyDialog(desk, over(), tenant_id).open()


ACTIONS: tuple[Action, ...] = (
    Action(
        "keys.hosts",
        tr("Show known hosts"),
        lambda desk: desk.go("keys"),
        "Tenant",
        "shield-check",
        _needs_tenant,
        words="ssh host key trust fingerprint",
    ),
    Action(
        "key.new",
        tr("New key…"),
        new_key,
        "Tenant",
        "key",
        _needs_tenant,
        words="ssh generate ed25519 rsa ecdsa",
    ),
    Action(
        "key.import",
        tr("Import key…"),
        import_key,
        "Tenant",
        "download-simple",
        _needs_tenant,
        words="ssh private paste file",
    ),
)
