"""Verbs of keys and hosts: make, bring in, look after, test, rotate, delete, lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from aiops_desktop.ui.actions.action import Action
from aiops_desktop.ui.text import tr

if TYPE_CHECKING:
    from aiops_desktop.ui.desk import Desk
    from aiops_desktop.ui.views.keys.lines import KeyLine

Act = Callable[["Desk", "KeyLine"], object]


def over() -> QWidget | None:
    """What a dialog stands over."""
    return QApplication.activeModalWidget() or QApplication.activeWindow()


def _needs_tenant(desk: Desk) -> str:
    if not desk.ready:
        return tr("The data folder is still being opened.")
    return "" if desk.tenants else tr("A key belongs to a tenant. Create a tenant first.")


def _chosen(desk: Desk) -> str:
    if desk.key is not None:
        return ""
    return _needs_tenant(desk) or tr("Show the keys and choose one first.")


def _needs_other_tenant(desk: Desk) -> str:
    if desk.key is not None and len(desk.tenants) < 2:
        return tr("There is no other tenant.")
    return _chosen(desk)


def _needs_whole_file(desk: Desk) -> str:
    if desk.key is not None and desk.key.key.type.on_token:
        return tr(
            "The private half of {name} lies on a security key; ssh asks for a touch of it.",
            name=desk.key.key.name,
        )
    return _chosen(desk)


def _needs_repair(desk: Desk) -> str:
    from aiops_desktop.domain.keys import FileState  # known by now; not at the start

    if desk.key is not None and desk.key.entry.file is not FileState.OPEN:
        return tr("There is nothing to repair at the file of {name}.", name=desk.key.key.name)
    return _chosen(desk)


def _with(act: Act) -> Callable[[Desk], None]:
    """Do something with the chosen key."""

    def run(desk: Desk) -> None:
        if desk.key is not None:
            act(desk, desk.key)

    return run


def new_key(desk: Desk, tenant_id: int | None = None) -> None:
    """Ask for name and type, then make a key pair."""
    from aiops_desktop.ui.dialogs.key import NewKeyDialog

    NewKeyDialog(desk, over(), tenant_id).open()


def import_key(desk: Desk, tenant_id: int | None = None) -> None:
    """Bring in a private key from a file or as text."""
    from aiops_desktop.ui.dialogs.key import ImportKeyDialog

    ImportKeyDialog(desk, over(), tenant_id).open()


def import_folder(desk: Desk) -> None:
    """Bring in a folder of keys, after a look at what would become of each file."""
    from aiops_desktop.ui.dialogs.keys_folder import ImportFolderDialog

    ImportFolderDialog(desk, over()).open()


def import_hosts(desk: Desk) -> None:
    """Take over entries of another known_hosts file."""
    from aiops_desktop.ui.dialogs.hosts_import import ImportHostsDialog

    ImportHostsDialog(desk, over()).open()


def trust_host(desk: Desk) -> None:
    """Ask a host for its key."""
    from aiops_desktop.ui.dialogs.host_look import LookAtHostDialog

    LookAtHostDialog(desk, over()).open()


def test_connection(desk: Desk) -> None:
    """Test what a tenant can reach."""
    from aiops_desktop.ui.dialogs.connection import ConnectionDialog

    ConnectionDialog(desk, over()).open()


def rules(desk: Desk) -> None:
    """What a tenant allows beside its own keys."""
    from aiops_desktop.ui.dialogs.key_rules import KeyRulesDialog

    KeyRulesDialog(desk, over()).open()


def lock_all(desk: Desk) -> None:
    """End every tenant's agent, and forget the passphrases of this session."""
    house = desk.house
    desk.start(
        tr("Lock all keys"),
        lambda _job: house.agents.lock_all(),
        done=lambda _done: desk.toast("lock-key", tr("All keys are locked")),
    )


def _copy(desk: Desk, line: KeyLine) -> None:
    QGuiApplication.clipboard().setText(line.key.public)
    desk.toast("copy", tr("The public key is copied"))


def _export(desk: Desk, line: KeyLine) -> None:
    from aiops_desktop.ui.dialogs.key_export import export

    export(desk, over(), line.key)


def _edit(desk: Desk, line: KeyLine) -> None:
    from aiops_desktop.ui.dialogs.key_rename import RenameKeyDialog

    RenameKeyDialog(desk, over(), line).open()


def _move(desk: Desk, line: KeyLine) -> None:
    from aiops_desktop.ui.dialogs.key_move import MoveKeyDialog

    MoveKeyDialog(desk, over(), line).open()


def _certificate(desk: Desk, line: KeyLine) -> None:
    from aiops_desktop.ui.dialogs.key_certificate import CertificateDialog

    CertificateDialog(desk, over(), line).open()


def _passphrase(desk: Desk, line: KeyLine) -> None:
    from aiops_desktop.ui.dialogs.key_passphrase import PassphraseDialog

    PassphraseDialog(desk, over(), line.key).open()


def _load(desk: Desk, line: KeyLine) -> None:
    from aiops_desktop.ui.dialogs.key_agent import LoadKeyDialog

    LoadKeyDialog(desk, over(), line).open()


def _test(desk: Desk, line: KeyLine) -> None:
    from aiops_desktop.ui.dialogs.connection import ConnectionDialog

    ConnectionDialog(desk, over(), line.tenant.id, line.key).open()


def _register(desk: Desk, line: KeyLine) -> None:
    from aiops_desktop.ui.dialogs.key_register import RegisterWithForgeDialog

    RegisterWithForgeDialog(desk, over(), line).open()


def _registered(desk: Desk, line: KeyLine) -> None:
    registrations = desk.house.registrations
    desk.start(
        tr("Ask the forges of {tenant} for its keys", tenant=line.tenant.name),
        lambda job: registrations.find(line.tenant.id, job),
        done=lambda done: desk.toast("check-circle", done.summary),
    )


def _rotate(desk: Desk, line: KeyLine) -> None:
    from aiops_desktop.ui.dialogs.key_rotate import RotateKeyDialog

    RotateKeyDialog(desk, over(), line).open()


def _repair(desk: Desk, line: KeyLine) -> None:
    house, key = desk.house, line.key
    desk.start(
        tr("Repair the file of {name}", name=key.name),
        lambda _job: house.keys.care.repair([key.id]),
        done=lambda done: desk.toast("check-circle", done.summary),
    )


def _delete(desk: Desk, line: KeyLine) -> None:
    from aiops_desktop.ui.dialogs.key_delete import DeleteKeyDialog

    DeleteKeyDialog(desk, over(), line).open()


#: What the pane's own menu and the table's context menu offer.
MENU = (
    "key.copy",
    "key.export",
    "key.test",
    "-",
    "key.register",
    "key.registered",
    "-",
    "key.edit",
    "key.certificate",
    "key.passphrase",
    "key.load",
    "key.move",
    "key.repair",
    "key.rotate",
    "-",
    "key.delete",
)

ACTIONS: tuple[Action, ...] = (
    Action(
        "keys.hosts", tr("Show known hosts"), lambda desk: desk.go("keys", "hosts"), "Tenant",
        "shield-check", _needs_tenant, words="ssh host key trust fingerprint",
    ),
    Action(
        "key.new", tr("New key…"), new_key, "Tenant", "key", _needs_tenant,
        words="ssh generate ed25519 rsa ecdsa",
    verb="keys.generate"),
    Action(
        "key.import", tr("Import key…"), import_key, "Tenant", "download-simple", _needs_tenant,
        words="ssh private paste file putty ppk",
    verb="keys.add"),
    Action(
        "keys.import_folder", tr("Import a folder of keys…"), import_folder, "Tenant",
        "folder-open", _needs_tenant, words="ssh seed identities syseng",
    verb="identities.apply"),
    Action(
        "keys.import_hosts", tr("Import known hosts…"), import_hosts, "Tenant", "",
        _needs_tenant, words="ssh known_hosts",
    verb="hosts.bring_in"),
    Action(
        "keys.trust_host", tr("Ask a host for its key…"), trust_host, "Tenant", "",
        _needs_tenant, words="ssh trust fingerprint changed host key",
    verb="hosts.trust"),
    Action(
        "keys.test", tr("Test a connection…"), test_connection, "Tenant", "heartbeat",
        _needs_tenant, words="ssh login host reach network",
    verb="connections.host"),
    Action(
        "keys.rules", tr("Key rules of a tenant…"), rules, "Tenant", "sliders-horizontal",
        _needs_tenant, words="ssh agent config hash hosts",
    verb="keys.care.set_rules"),
    Action(
        "keys.lock", tr("Lock all keys"), lock_all, "Tenant", "lock-key",
        lambda desk: "" if desk.ready else tr("The data folder is still being opened."),
        words="ssh agent passphrase forget",
    verb="agents.lock_all"),
    Action(
        "secrets.show", tr("Secret store…"), lambda desk: desk.go("settings", "secrets"),
        "View", "lock-key",
        lambda desk: "" if desk.ready else tr("The data folder is still being opened."),
        words="data key keyring passphrase token unlock lock",
    ),
    Action("key.copy", tr("Copy public key"), _with(_copy), "Tenant", "copy", _chosen),
    Action("key.export", tr("Save public key…"), _with(_export), "Tenant", "", _chosen,
           words="export file pub", verb="keys.care.export"),
    Action("key.test", tr("Test key…"), _with(_test), "Tenant", "heartbeat", _chosen,
           verb="connections.with_key"),
    Action("key.register", tr("Register key with a forge…"), _with(_register), "Tenant", "",
           _chosen, words="gitlab github deploy account add"),
    Action("key.registered", tr("Look where the tenant’s keys are registered"),
           _with(_registered), "Tenant", "", _chosen, words="gitlab github deploy account"),
    Action("key.edit", tr("Edit key…"), _with(_edit), "Tenant", "pencil-simple", _chosen,
           words="rename bind hosts owner operator", verb="keys.rename"),
    Action("key.certificate", tr("Certificate of the key…"), _with(_certificate), "Tenant",
           "shield-check", _chosen, words="ssh cert authority sign principals",
           verb="keys.care.certify"),
    Action("key.passphrase", tr("Change passphrase…"), _with(_passphrase), "Tenant", "lock-simple",
           _needs_whole_file, words="remove", verb="keys.care.set_passphrase"),
    Action("key.load", tr("Load key into the agent…"), _with(_load), "Tenant", "",
           _needs_whole_file, verb="agents.load"),
    Action("key.move", tr("Give key to another tenant…"), _with(_move), "Tenant", "",
           _needs_other_tenant, verb="keys.care.move"),
    Action("key.repair", tr("Repair the key’s file"), _with(_repair), "Tenant", "wrench",
           _needs_repair, words="permissions mode 0600", verb="keys.care.repair"),
    Action("key.rotate", tr("Rotate key…"), _with(_rotate), "Tenant", "arrows-clockwise", _chosen,
           words="replace renew", verb="rotation.rotate"),
    Action("key.delete", tr("Delete key…"), _with(_delete), "Tenant", "trash", _chosen,
           danger=True, verb="keys.delete"),
)  # fmt: skip
