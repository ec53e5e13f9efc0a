"""`aiops-desktop key …`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.cli import key_care
from aiops_desktop.cli.key_parts import (
    certificate_facts,
    found,
    operator,
    passphrase_option,
    typed_passphrase,
)
from aiops_desktop.cli.parts import noun, verb, yes
from aiops_desktop.domain.keys import Key, KeyEntry, KeyType
from aiops_desktop.domain.projects import Project
from aiops_desktop.domain.trouble import NotTrusted

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell


def add(nouns: Nouns) -> None:
    """Add the noun to the command line."""
    verbs = noun(nouns, "key", "SSH keys of tenants")
    listed = verb(verbs, "list", _list, "a tenant's keys, in the order they are tried", "tenant")
    listed.add_argument("--operator", default="", metavar="WHO", help="only those of this operator")
    verb(verbs, "show", _show, "all that is known of a key", "tenant", "name")
    make = verb(verbs, "generate", _generate, "make a key pair", "tenant", "name")
    make.add_argument(
        "--type", choices=[kind.value for kind in KeyType if not kind.on_token], default="ed25519"
    )
    make.add_argument("--bits", type=int, default=0, help="for rsa and ecdsa")
    make.add_argument("--comment", default="", help="stands behind the public key")
    _hosts(make)
    _personal(make)
    passphrase_option(make)
    bring = verb(verbs, "import", _import, "bring in a private key", "file")
    bring.add_argument("--tenant", required=True, help="name or slug of a tenant")
    bring.add_argument("--name", default="", help="what it is called; by default as its file")
    _personal(bring)
    passphrase_option(bring)
    other = verb(verbs, "add", _add, "the same: tenant, name, file", "tenant", "name", "file")
    _personal(other)
    passphrase_option(other)
    verb(verbs, "public", _public, "print the public key, for the server", "tenant", "name")
    verb(verbs, "rename", _rename, "give a key another name", "tenant", "name", "new")
    bind = verb(verbs, "bind", _bind, "offer a key to some hosts only", "tenant", "name")
    _hosts(bind)
    test = verb(verbs, "test", _test, "try a project's remote, or a host, step by step", "where")
    test.add_argument("--tenant", default="", help="whose keys to try; for a host")
    test.add_argument("--port", type=int, default=22)
    test.add_argument("--user", default="git")
    yes(verb(verbs, "delete", _delete, "overwrite and remove a key", "tenant", "name"))
    key_care.add(verbs)


def _hosts(made: ArgumentParser) -> None:
    made.add_argument(
        "--host",
        action="append",
        default=[],
        metavar="PATTERN",
        help="the only hosts it is offered to, such as *.acme.example; may be given again",
    )


def _personal(made: ArgumentParser) -> None:
    made.add_argument(
        "--personal", action="store_true", help="other operators are not offered the key"
    )


def _list(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    entries = shell.house.keys.entries(tenant.id)
    if options.operator:
        owner = operator(shell, options.operator)
        entries = [entry for entry in entries if entry.key.owner_id == owner.id]
    if options.json:
        shell.show([entry.key for entry in entries])
        return
    shell.rows(
        entries,
        (
            "KEY",
            "TYPE",
            "BITS",
            "PASSPHRASE",
            "FILE",
            "OWNER",
            "FINGERPRINT",
            "PROJECTS",
            "LAST USED",
        ),
        _row,
        none="There is no key yet. Make one with “key generate”.",
    )


def _row(entry: KeyEntry) -> tuple[object, ...]:
    key = entry.key
    used = ", ".join(entry.used_by)
    kept = (entry.remembered or "asked for") if key.encrypted else "none"
    return (
        key.name,
        key.type,
        key.bits,
        kept,
        entry.file.value,
        f"{entry.owner} alone" if key.personal else entry.owner or "the tenant",
        key.fingerprint,
        used,
        key.last_used,
    )


def _show(shell: Shell, options: Namespace) -> None:
    key = found(shell, options)
    entry = next(e for e in shell.house.keys.entries(key.tenant_id) if e.key.id == key.id)
    if options.json:
        shell.show({"entry": entry, "md5": key.md5, "randomart": key.randomart})
        return
    registered = ", ".join(f"{where.forge} ({where.place})" for where in key.registered)
    facts = {
        "Name": key.name,
        "Type": f"{key.type} {key.bits}",
        "Comment": key.comment,
        "SHA-256": key.fingerprint,
        "MD5": key.md5,
        "Made": key.created,
        "Last used": key.last_used,
        "Passphrase": "yes" if key.encrypted else "no",
        "File": f"{key.path} ({entry.file.value})",
        "Hosts": ", ".join(key.hosts) or "all",
        "Projects": ", ".join(entry.used_by) or "none has it as its own",
        "Registered": registered or "not known",
        "Owner": f"{entry.owner} alone" if key.personal else entry.owner or "the tenant",
        **certificate_facts(entry),
    }
    lines = [f"{name:12}{value}" for name, value in facts.items() if value]
    shell.show(None, "\n".join([*lines, key.randomart, key.public]))


def _generate(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    key = shell.house.keys.generate(
        tenant.id,
        options.name,
        KeyType(options.type),
        bits=options.bits,
        passphrase=typed_passphrase(shell, options),
        remember=options.remember,
        comment=options.comment,
        hosts=options.host,
        personal=options.personal,
    ).key
    shell.show(key, key.public)


def _import(shell: Shell, options: Namespace) -> None:
    name = options.name or Path(options.file).stem
    _bring(shell, options, name)


def _add(shell: Shell, options: Namespace) -> None:
    _bring(shell, options, options.name)


def _bring(shell: Shell, options: Namespace, name: str) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    key = shell.house.keys.add(
        tenant.id,
        name,
        Path(options.file).expanduser().absolute(),
        passphrase=typed_passphrase(shell, options),
        remember=options.remember,
        personal=options.personal,
    ).key
    shell.show(key, f"Added the key “{key.name}”, {key.fingerprint}.")


def _public(shell: Shell, options: Namespace) -> None:
    key = found(shell, options)
    shell.show({"name": key.name, "public": key.public}, key.public)


def _rename(shell: Shell, options: Namespace) -> None:
    key = shell.house.keys.rename(found(shell, options).id, options.new).key
    shell.show(key, f"The key is named “{key.name}” now.")


def _bind(shell: Shell, options: Namespace) -> None:
    key = shell.house.keys.bind(found(shell, options).id, options.host).key
    said = f"is offered to {', '.join(key.hosts)} only" if key.hosts else "is offered to all hosts"
    shell.show(key, f"“{key.name}” {said}.")


def _test(shell: Shell, options: Namespace) -> None:
    house = shell.house
    if options.tenant:
        tenant = house.tenants.find(options.tenant)
        report = shell.work(
            f"Test {options.where}",
            lambda job: house.connections.host(
                tenant.id, options.where, job, port=options.port, user=options.user
            ),
        )
    else:
        project: Project = shell.project(options.where)
        report = shell.work(
            f"Test {project.name}", lambda job: house.connections.project(project.id, job)
        )
    if options.json:
        shell.show({"good": report.good, "report": report})
    else:
        shell.show(None, report.text)
    if not report.good:
        raise NotTrusted("The connection test did not succeed.", report.hint)


def _delete(shell: Shell, options: Namespace) -> None:
    key: Key = found(shell, options)
    used = shell.house.keys.used_by(key.id)
    if used:
        shell.note(f"These projects use it: {', '.join(used)}")
    others = [] if key.hosts else shell.house.projects.all(key.tenant_id)
    left = [project.name for project in others if project.name not in used]
    if left:
        shell.note(f"These projects are no longer offered it: {', '.join(left)}")
    shell.confirm(f"Overwrite and remove the key “{key.name}”? There is no way back.")
    done = shell.house.keys.delete(key.id)
    shell.show(done, done.summary)
