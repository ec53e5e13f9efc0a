"""`aiops-desktop db-init`, `aiops-desktop create-admin` and `aiops-desktop operator …`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import noun, verb, yes
from aiops_desktop.cli.shell import new_passphrase
from aiops_desktop.domain.operators import Operator, Role
from aiops_desktop.domain.trouble import Missing, Refused

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell

_ROLES = [role.value for role in Role]


def add(nouns: Nouns) -> None:
    """Add them to the command line."""
    verb(nouns, "db-init", _init, "make or upgrade the database (every start does it, too)")
    admin = verb(nouns, "create-admin", _admin, "add an admin, or name the one at the desk")
    admin.add_argument("--email", default="", help="asked for when it is left out")
    admin.add_argument("--name", default="")
    _password(admin)
    verbs = noun(nouns, "operator", "the people at the desk: list, add, promote, reset, delete")
    verb(verbs, "list", _list, "who there is, and what each may do")
    added = verb(verbs, "add", _add, "add somebody", "name", "email")
    added.add_argument("--role", choices=_ROLES, default=Role.OPERATOR.value)
    added.add_argument("--account", default="", help="an account of this computer that is theirs")
    _password(added)
    for name, role, about in (
        ("promote", Role.ADMIN, "let somebody do more"),
        ("demote", Role.VIEWER, "let somebody do less"),
    ):
        made = verb(verbs, name, _set_role, about, "operator")
        made.add_argument("--to", choices=_ROLES, default="", help="without it one step")
        made.set_defaults(towards=role)
    reset = verb(verbs, "reset", _reset, "give somebody another passphrase", "operator")
    reset.add_argument("--remove", action="store_true", help="take the passphrase away")
    _password(reset)
    delete = yes(verb(verbs, "delete", _delete, "delete somebody; the history stays", "operator"))
    delete.add_argument("--to", default="", help="who takes over runs that are not at their end")


def _password(made: ArgumentParser) -> None:
    made.add_argument(
        "--password",
        default="",
        metavar="PASSPHRASE",
        help="asked for, hidden, when it is left out; who lists the processes can see this one",
    )


def _init(shell: Shell, _options: Namespace) -> None:
    layout = shell.house.layout
    shell.show({"data": layout.data}, f"The data folder {layout.data} is ready.")


def _admin(shell: Shell, options: Namespace) -> None:
    email = options.email
    if not email:
        if not shell.asks:
            raise Refused("The e-mail is missing.", "Add --email.", field="email")
        email = shell.typed("E-mail of the admin: ")
    passphrase = options.password
    if not passphrase and shell.asks:
        shell.note("A passphrase locks the window. Give none, and it is never locked.")
        passphrase = new_passphrase("Passphrase:", empty=True)
    saved = shell.house.operators.create_admin(email, options.name, passphrase).operator
    shell.show(saved, f"{saved.name} <{saved.email}> is an admin.")


def _list(shell: Shell, _options: Namespace) -> None:
    shell.rows(
        shell.house.operators.entries(),
        ("OPERATOR", "E-MAIL", "ROLE", "COMES IN BY", "RUNS", "LAST SEEN", ""),
        lambda e: (
            e.operator.name,
            e.operator.email,
            e.operator.role,
            e.operator.facts().get("comes in by", "nothing yet"),
            e.runs or "",
            e.seen,
            "at the desk" if e.here else "",
        ),
    )


def _add(shell: Shell, options: Namespace) -> None:
    passphrase = options.password
    if not passphrase and (shell.asks or not options.account):
        passphrase = _asked(shell, f"First passphrase of {options.name}:", bool(options.account))
    saved = shell.house.operators.add(
        options.name, options.email, Role(options.role), passphrase, options.account
    ).operator
    shell.show(saved, f"Added {saved.name} <{saved.email}>, {saved.role}.")


def _set_role(shell: Shell, options: Namespace) -> None:
    found = _found(shell, options.operator)
    order = list(Role)
    step = -1 if options.towards is Role.ADMIN else 1
    if options.to:
        role = Role(options.to)
        if (order.index(role) - order.index(found.role)) * step <= 0:
            raise Refused(f"{found.name} is {found.role} already, or more would be the other way.")
    else:
        place = order.index(found.role) + step
        if not 0 <= place < len(order):
            raise Refused(f"{found.name} is {found.role} already.")
        role = order[place]
    saved = shell.house.operators.set_role(found.id, role).operator
    shell.show(saved, f"{saved.name}: {found.role} → {saved.role}.")


def _reset(shell: Shell, options: Namespace) -> None:
    found = _found(shell, options.operator)
    passphrase = ""
    if not options.remove:
        passphrase = options.password or _asked(shell, f"New passphrase of {found.name}:", False)
    saved = shell.house.operators.reset(found.id, passphrase).operator
    said = "has no passphrase any more" if options.remove else "has another passphrase now"
    shell.show(saved, f"{saved.name} {said}.")


def _delete(shell: Shell, options: Namespace) -> None:
    found = _found(shell, options.operator)
    heir = _found(shell, options.to) if options.to else None
    shell.confirm(f"Delete the operator “{found.name}”? What the history tells of them stays.")
    done = shell.house.operators.delete(found.id, heir.id if heir else None)
    shell.show(done, done.summary)


def _found(shell: Shell, text: str) -> Operator:
    """The operator of this e-mail or name, without case."""
    wanted = text.strip().casefold()
    for one in shell.house.operators.all():
        if wanted and wanted in (one.email, one.name.casefold()):
            return one
    raise Missing(f"There is no operator “{text[:60]}”.", "“operator list” shows them.")


def _asked(shell: Shell, prompt: str, empty: bool) -> str:
    return new_passphrase(prompt, empty=empty) if shell.asks else shell.secret(prompt)
