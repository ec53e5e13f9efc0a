"""`aiops-desktop key …`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import noun, verb, yes
from aiops_desktop.domain.keys import Key, KeyType
from aiops_desktop.domain.trouble import Missing

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell


def add(nouns: Nouns) -> None:
    """Add the noun to the command line."""
    verbs = noun(nouns, "key", "SSH keys and known hosts of tenants")
    verb(verbs, "list", _list, "a tenant's keys, in the order they are tried", "tenant")
    make = verb(verbs, "generate", _generate, "make a key pair", "tenant", "name")
    make.add_argument("--type", choices=[kind.value for kind in KeyType], default="ed25519")
    make.add_argument("--bits", type=int, default=0, help="for rsa")
    _passphrase(make)
    bring = verb(verbs, "add", _add, "bring in a private key", "tenant", "name", "file")
    _passphrase(bring)
    verb(verbs, "public", _public, "print the public key, for the server", "tenant", "name")
    verb(verbs, "rename", _rename, "give a key another name", "tenant", "name", "new")
    yes(verb(verbs, "delete", _delete, "delete a key", "tenant", "name"))
    verb(verbs, "hosts", _hosts, "the hosts a tenant trusts", "tenant")
    verb(verbs, "distrust", _distrust, "trust a host no more", "tenant", "host")


def _passphrase(made: ArgumentParser) -> None:
    made.add_argument(
        "--passphrase",
        action="store_true",
        help="ask for a passphrase (without a terminal: the first line of standard input)",
    )
    made.add_argument("--remember", action="store_true", help="keep the passphrase, encrypted")


def _list(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    shell.rows(
        shell.house.keys.all(tenant.id),
        ("KEY", "TYPE", "PASSPHRASE", "FINGERPRINT", "LAST USED"),
        lambda key: (key.name, key.type, key.encrypted, key.fingerprint, key.last_used),
        none="There is no key yet. Make one with “key generate”.",
    )


def _generate(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    key = shell.house.keys.generate(
        tenant.id,
        options.name,
        KeyType(options.type),
        bits=options.bits,
        passphrase=_asked(shell, options),
        remember=options.remember,
    ).key
    shell.show(key, key.public)


def _add(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    key = shell.house.keys.add(
        tenant.id,
        options.name,
        Path(options.file).expanduser().absolute(),
        passphrase=_asked(shell, options),
        remember=options.remember,
    ).key
    shell.show(key, f"Added the key “{key.name}”, {key.fingerprint}.")


def _public(shell: Shell, options: Namespace) -> None:
    key = _key(shell, options)
    shell.show({"name": key.name, "public": key.public}, key.public)


def _rename(shell: Shell, options: Namespace) -> None:
    key = shell.house.keys.rename(_key(shell, options).id, options.new).key
    shell.show(key, f"The key is named “{key.name}” now.")


def _delete(shell: Shell, options: Namespace) -> None:
    key = _key(shell, options)
    used = shell.house.keys.used_by(key.id)
    if used:
        shell.note(f"These projects use it: {', '.join(used)}")
    shell.confirm(f"Delete the key “{key.name}”?")
    done = shell.house.keys.delete(key.id)
    shell.show(done, done.summary)


def _hosts(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    shell.rows(
        shell.house.keys.hosts(tenant.id),
        ("HOST", "TYPE", "FINGERPRINT", "SINCE"),
        lambda host: (host.host, host.key_type, host.fingerprint, host.since),
        none="No host is trusted yet.",
    )


def _distrust(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    done = shell.house.keys.distrust(tenant.id, options.host)
    shell.show(done, done.summary)


def _asked(shell: Shell, options: Namespace) -> str:
    return shell.secret("Passphrase:") if options.passphrase else ""


def _key(shell: Shell, options: Namespace) -> Key:
    tenant = shell.house.tenants.find(options.tenant)
    for key in shell.house.keys.all(tenant.id):
        if key.name.casefold() == options.name.casefold():
            return key
    raise Missing(f"“{tenant.name}” has no key “{options.name}”.", "Look at the list of its keys.")
