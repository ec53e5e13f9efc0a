"""`aiops-desktop key …`: what one does with keys that are there."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.cli.key_parts import found, operator
from aiops_desktop.cli.parts import trust, verb, yes
from aiops_desktop.domain.keys import KeyType
from aiops_desktop.domain.trouble import Refused

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell


def add(verbs: Nouns) -> None:
    """Add the verbs to the noun."""
    change = verb(
        verbs, "passphrase", _passphrase, "change or remove a passphrase", "tenant", "name"
    )
    change.add_argument("--remove", action="store_true", help="the key has none any more")
    change.add_argument("--remember", action="store_true", help="keep the new one, encrypted")
    yes(verb(verbs, "move", _move, "give a key to another tenant", "tenant", "name", "to"))
    give = verb(verbs, "give", _give, "say whose a key is", "tenant", "name")
    give.add_argument("--operator", default="", metavar="WHO", help="else it is the tenant's own")
    give.add_argument("--personal", action="store_true", help="only this operator is offered it")
    certify = verb(verbs, "certify", _certify, "let a key carry a certificate", "tenant", "name")
    certify.add_argument("file", nargs="?", default="", help="such as id_ed25519-cert.pub")
    certify.add_argument("--remove", action="store_true", help="take the certificate away")
    verb(verbs, "export", _export, "write the public key to a file", "tenant", "name", "target")
    verb(verbs, "repair", _repair, "take all key files away from others (0600)")
    rotate = verb(verbs, "rotate", _rotate, "replace a key by a new one", "tenant", "name")
    rotate.add_argument(
        "--type", choices=[kind.value for kind in KeyType if not kind.on_token], default=""
    )
    rotate.add_argument("--bits", type=int, default=0, help="for rsa and ecdsa")
    rotate.add_argument(
        "--registered", action="store_true", help="the new public key is registered by now"
    )
    rotate.add_argument("--cancel", action="store_true", help="give up a rotation under way")
    trust(rotate)
    load = verb(verbs, "load", _load, "load keys into the tenant's own ssh-agent", "tenant")
    load.add_argument("--name", action="append", default=[], help="only this key; may be repeated")
    load.add_argument("--minutes", type=int, default=None, help="how long; 0: until it is locked")
    load.add_argument("--own-agent", action="store_true", help="into your own agent instead")
    lock = verb(verbs, "lock", _lock, "end the agent of a tenant, or of all")
    lock.add_argument("--tenant", default="", help="name or slug of a tenant")
    rules = verb(verbs, "rules", _rules, "what a tenant allows beside its own keys", "tenant")
    for option, about in (
        ("own-agent", "your ssh-agent, after the tenant's keys"),
        ("own-config", "~/.ssh/config"),
        ("hash-hosts", "host names are hidden in known_hosts"),
    ):
        rules.add_argument(f"--{option}", choices=("yes", "no"), default="", help=about)
    rules.add_argument("--agent-minutes", type=int, default=None, help="how long keys stay loaded")
    verb(verbs, "choice", _choice, "which keys a project offers, and why", "project")


def _passphrase(shell: Shell, options: Namespace) -> None:
    key = found(shell, options)
    old = shell.secret("Passphrase now:") if key.encrypted else ""
    new = "" if options.remove else shell.secret("New passphrase:")
    made = shell.house.keys.care.set_passphrase(key.id, old, new, remember=options.remember).key
    said = "has a new passphrase" if made.encrypted else "has no passphrase any more"
    shell.show(made, f"“{made.name}” {said}.")


def _move(shell: Shell, options: Namespace) -> None:
    key = found(shell, options)
    there = shell.house.tenants.find(options.to)
    lost = shell.house.keys.care.losers(key.id)
    if lost:
        shell.note(f"These projects lose it: {', '.join(lost)}")
    shell.confirm(f"Give the key “{key.name}” to {there.name}?")
    made = shell.house.keys.care.move(key.id, there.id).key
    shell.show(made, f"“{made.name}” belongs to {there.name} now.")


def _give(shell: Shell, options: Namespace) -> None:
    key = found(shell, options)
    owner = operator(shell, options.operator).id if options.operator else None
    made = shell.house.keys.care.give(key.id, owner, personal=options.personal).key
    whose = options.operator or "the tenant"
    shell.show(made, f"“{made.name}” is a key of {whose}{' alone' if made.personal else ''} now.")


def _certify(shell: Shell, options: Namespace) -> None:
    key = found(shell, options)
    if not options.file and not options.remove:
        raise Refused("Name the certificate’s file, or add --remove.")
    place = Path(options.file).expanduser().absolute()
    made = shell.house.keys.care.certify(key.id, "" if options.remove else place).key
    if made.certified is None:
        shell.show(made, f"“{made.name}” has no certificate now.")
        return
    told = made.certified.warning() or f"It is offered with “{made.name}” from now on."
    shell.show(made, f"Certificate {made.certified.key_id}. {told}")


def _export(shell: Shell, options: Namespace) -> None:
    target = Path(options.target).expanduser().absolute()
    done = shell.house.keys.care.export(found(shell, options).id, target)
    shell.show(done, done.summary)


def _repair(shell: Shell, options: Namespace) -> None:
    for key, state in shell.house.keys.care.unsafe():
        shell.note(f"{key.path}: {state.value}")
    done = shell.house.keys.care.repair()
    shell.show(done, done.summary)


def _rotate(shell: Shell, options: Namespace) -> None:
    key = found(shell, options)
    rotation = shell.house.rotation
    if options.cancel:
        shell.show(rotation.cancel(key.id).key, f"“{key.name}” stays as it is.")
        return
    kind = KeyType(options.type) if options.type else None
    if not shell.asks and not options.registered:
        new = shell.work(
            f"Rotate {key.name}",
            lambda job: rotation.prepare(key.id, job, kind=kind, bits=options.bits),
        )
        shell.note("Register this public key beside the old one, then add --registered.")
        shell.show(new, new.public)
        return
    made = shell.work(
        f"Rotate {key.name}",
        lambda job: rotation.rotate(
            key.id, job, kind=kind, bits=options.bits, registered=options.registered
        ),
    ).key
    shell.show(made, f"“{made.name}” is {made.fingerprint} now. Remove the old one at the servers.")


def _load(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    ids = []
    for name in options.name:
        ids.append(found(shell, Namespace(tenant=options.tenant, name=name)).id)
    done = shell.work(
        "Load keys",
        lambda job: shell.house.agents.load(
            tenant.id, job, ids, minutes=options.minutes, own=options.own_agent
        ),
    )
    until = f" until {done.until:%H:%M} UTC" if done.until else " until it is locked"
    said = f"Loaded {', '.join(done.names)}{until}.\nSSH_AUTH_SOCK={done.socket}"
    shell.show(done, said)


def _lock(shell: Shell, options: Namespace) -> None:
    if options.tenant:
        done = shell.house.agents.lock(shell.house.tenants.find(options.tenant).id)
    else:
        done = shell.house.agents.lock_all()
    shell.show(done, done.summary)


def _rules(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    care = shell.house.keys.care
    rules = care.rules(tenant.id)
    for name in ("own_agent", "own_config", "hash_hosts"):
        if getattr(options, name):
            rules = replace(rules, **{name: getattr(options, name) == "yes"})
    if options.agent_minutes is not None:
        rules = replace(rules, agent_minutes=options.agent_minutes)
    if rules != care.rules(tenant.id):
        care.set_rules(tenant.id, rules)
    said = {
        "Your ssh-agent": rules.own_agent,
        "~/.ssh/config": rules.own_config,
        "Hidden host names": rules.hash_hosts,
    }
    lines = [f"{name:20}{'yes' if on else 'no'}" for name, on in said.items()]
    shell.show(rules, "\n".join([*lines, f"{'Agent keeps keys':20}{rules.agent_minutes} min"]))


def _choice(shell: Shell, options: Namespace) -> None:
    chosen = shell.house.keys.choice(shell.project(options.project))
    lines = [
        f"{number if reason.offered else '-':>2}  {reason.name}: {reason.why}"
        for number, reason in enumerate(chosen.reasons, 1)
    ]
    shell.show(chosen, "\n".join([chosen.why, *lines]))
