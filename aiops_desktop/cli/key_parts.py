"""What the commands on keys share."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from aiops_desktop.domain.trouble import Missing

if TYPE_CHECKING:
    from aiops_desktop.cli.shell import Shell
    from aiops_desktop.domain.keys import Key, KeyEntry
    from aiops_desktop.domain.operators import Operator


def passphrase_option(made: ArgumentParser) -> None:
    """--passphrase and --remember."""
    made.add_argument(
        "--passphrase",
        action="store_true",
        help="ask for a passphrase (without a terminal: the first line of standard input)",
    )
    made.add_argument("--remember", action="store_true", help="keep the passphrase, encrypted")


def typed_passphrase(shell: Shell, options: Namespace) -> str:
    """What was typed, "" when none was announced."""
    return shell.secret("Passphrase:") if options.passphrase else ""


def found(shell: Shell, options: Namespace) -> Key:
    """The key that `tenant` and `name` mean.

    Raises:
        Missing: the tenant has none of this name.
    """
    tenant = shell.house.tenants.find(options.tenant)
    for key in shell.house.keys.all(tenant.id):
        if key.name.casefold() == options.name.casefold():
            return key
    raise Missing(f"“{tenant.name}” has no key “{options.name}”.", "Look at the list of its keys.")


def operator(shell: Shell, told: str) -> Operator:
    """The operator with this e-mail or name, without case.

    Raises:
        Missing: there is none.
    """
    wanted = told.strip().casefold()
    for one in shell.house.operators.all():
        if wanted in (one.email.casefold(), one.name.casefold()):
            return one
    raise Missing(f"There is no operator “{told}”.", "Look at “operator list”.")


def certificate_facts(entry: KeyEntry) -> dict[str, str]:
    """What “key show” tells of a certificate."""
    made = entry.certificate
    if made is None:
        return {}
    start = f"{made.after:%Y-%m-%d %H:%M}" if made.after else "ever"
    end = f"{made.before:%Y-%m-%d %H:%M} UTC" if made.before else "for ever"
    opens = ", ".join(made.principals) or "every account"
    return {
        "Certificate": f"{made.key_id}, serial {made.serial}, {made.validity()}",
        "Counts": f"{start} to {end}, for {opens}",
        "Signed by": made.authority,
    }
