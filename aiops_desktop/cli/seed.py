"""`aiops-desktop seed-data`, `demo-data` and `seed-identities`."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import verb
from aiops_desktop.cli.plain import table

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell


def add(nouns: Nouns) -> None:
    """Add them to the command line."""
    data = verb(nouns, "seed-data", _data, "the tenants dcx, iwf and kbe with their projects")
    _owner(data)
    verb(nouns, "demo-data", _demo, "two demo tenants whose repositories lie on this computer")
    keys = verb(nouns, "seed-identities", _identities, "bring in SSH keys by their file names")
    _owner(keys)
    keys.add_argument(
        "--source-dir", default="~/.ssh/syseng", metavar="FOLDER", help="else ~/.ssh/syseng"
    )
    keys.add_argument("--dry-run", action="store_true", help="only show what would be done")


def _owner(made: ArgumentParser) -> None:
    made.add_argument("--owner-email", default="", metavar="EMAIL", help="else AIOPS_ADMIN_EMAIL")


def _data(shell: Shell, options: Namespace) -> None:
    from aiops_desktop.services.seeding import seed

    planted = shell.work("Seed", lambda job: seed(shell.house, options.owner_email, job))
    shell.show(planted, planted.summary)


def _demo(shell: Shell, _options: Namespace) -> None:
    from aiops_desktop.services.demo import seed

    seeded = shell.work("Load the demo", lambda job: seed(shell.house, job))
    shell.show(seeded, seeded.summary)


def _identities(shell: Shell, options: Namespace) -> None:
    from aiops_desktop.services.seeding import make_admin

    folder = Path(options.source_dir).expanduser().absolute()
    rows = shell.house.identities.plan(folder)
    if not options.dry_run:
        email = make_admin(shell.house, options.owner_email)
        owner = shell.house.operators.find(email) if email else None
        chosen, owner_id = tuple(rows), owner.id if owner else None
        rows = list(
            shell.work(
                "Bring in keys",
                lambda job: shell.house.identities.apply(chosen, job, owner_id=owner_id),
            ).rows
        )
    told = [(one.file.name, one.tenant, one.key, one.note or one.act.value) for one in rows]
    shell.show(rows, table(("FILE", "TENANT", "KEY", "NOTE"), told))
