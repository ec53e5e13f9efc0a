"""What the commands on keys share."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from aiops_desktop.domain.trouble import Missing

if TYPE_CHECKING:
    from aiops_desktop.cli.shell import Shell
    from aiops_desktop.domain.keys import Key


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
