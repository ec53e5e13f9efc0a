"""`aiops-desktop host …`."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import noun, verb
from aiops_desktop.domain.trouble import NotTrusted

if TYPE_CHECKING:
    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell


def add(nouns: Nouns) -> None:
    """Add the noun to the command line."""
    verbs = noun(nouns, "host", "SSH hosts that tenants trust")
    verb(verbs, "list", _list, "the hosts a tenant trusts", "tenant")
    look = verb(verbs, "show", _show, "ask a host for its key; trusts nothing", "tenant", "host")
    look.add_argument("--port", type=int, default=22)
    met = verb(verbs, "trust", _trust, "trust a host", "tenant", "host")
    met.add_argument("--port", type=int, default=22)
    met.add_argument(
        "--fingerprint",
        default="",
        metavar="SHA256:…",
        help="what the host's owner says; without it the command only shows the host's key",
    )
    met.add_argument(
        "--replace",
        default="",
        metavar="SHA256:…",
        help="the fingerprint known until now, when the host's key has changed",
    )
    gone = verb(verbs, "remove", _remove, "trust a host no more", "tenant", "host")
    gone.add_argument("--line", type=int, default=0, help="only this line of the list")
    bring = verb(verbs, "import", _import, "take over another list of hosts", "tenant")
    bring.add_argument("--file", default="", help="by default ~/.ssh/known_hosts")
    bring.add_argument("--line", type=int, action="append", default=[], help="only these lines")
    bring.add_argument("--dry-run", action="store_true", help="only show what the file holds")


def _list(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    shell.rows(
        shell.house.hosts.all(tenant.id),
        ("LINE", "HOST", "MARK", "TYPE", "FINGERPRINT", "SINCE"),
        lambda host: (
            host.line,
            "(hidden)" if host.hashed else host.host,
            host.marker,
            host.key_type,
            host.fingerprint,
            host.since,
        ),
        none="No host is trusted yet.",
    )


def _show(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    shown = shell.work(
        f"Ask {options.host}",
        lambda job: shell.house.hosts.look(tenant.id, options.host, options.port, job=job),
    )
    known = [f"known: {one.key_type} {one.fingerprint}" for one in shown.known]
    shell.show(
        shown,
        "\n".join(
            [
                f"{shown.host} port {shown.port} ({shown.address}), {shown.key_type}",
                shown.fingerprint,
                shown.randomart,
                f"For {tenant.name}: {shown.standing}",
                *known,
            ]
        ),
    )


def _trust(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    hosts = shell.house.hosts
    if not options.fingerprint:
        _show(shell, options)
        raise NotTrusted(
            "Nothing was trusted.",
            "Compare the fingerprint with what the host's owner says, then add --fingerprint.",
        )
    if options.replace:
        done = shell.work(
            f"Trust {options.host}",
            lambda job: hosts.resolve(
                tenant.id,
                options.host,
                options.port,
                old=options.replace,
                new=options.fingerprint,
                job=job,
            ),
        )
    else:
        done = shell.work(
            f"Trust {options.host}",
            lambda job: hosts.trust(
                tenant.id, options.host, options.port, options.fingerprint, job=job
            ),
        )
    shell.show(done, done.summary)


def _remove(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    done = shell.house.hosts.remove(tenant.id, options.host, line=options.line)
    shell.show(done, done.summary)


def _import(shell: Shell, options: Namespace) -> None:
    tenant = shell.house.tenants.find(options.tenant)
    path = Path(options.file).expanduser().absolute() if options.file else None
    if options.dry_run:
        shell.rows(
            shell.house.hosts.candidates(path),
            ("LINE", "HOST", "TYPE", "FINGERPRINT"),
            lambda host: (host.line, host.host, host.key_type, host.fingerprint),
        )
        return
    done = shell.house.hosts.bring_in(tenant.id, path, options.line)
    for line in done.skipped:
        shell.note(f"left out: {line}")
    shell.show(done, f"{done.added} hosts were taken over.")
