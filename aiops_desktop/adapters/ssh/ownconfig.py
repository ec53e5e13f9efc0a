"""The person's own ssh_config, for tenants that let it count."""

from __future__ import annotations

from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.adapters.scratch import scratch
from aiops_desktop.adapters.ssh import hostlines
from aiops_desktop.adapters.ssh.probe import Shown
from aiops_desktop.jobs.job import Job


def own_config() -> Path | None:
    """`~/.ssh/config`, None when there is none."""
    path = Path("~/.ssh/config").expanduser()
    return path if path.is_file() else None


def aliased(host: str) -> bool:
    """Whether the config leads a host elsewhere: another name, port, or through another host."""
    config = own_config()
    if config is None:
        return False
    bare = host.strip("[]")
    argv = ["ssh", "-F", str(config), "-G", "--", bare]
    done = process.run(argv, env=process.environment({"LC_ALL": "C.UTF-8"}), timeout=10)
    told = dict(line.partition(" ")[::2] for line in done.text.splitlines())
    if done.code:
        return False
    jumps = any(told.get(name, "none") != "none" for name in ("proxyjump", "proxycommand"))
    return jumps or told.get("hostname", bare) != bare


def met(host: str, port: int | None, known: Path, timeout: float, job: Job) -> list[Shown]:
    """The key that a host behind the config shows, when it is not known yet.

    ssh itself asks, because only it knows the way there; it logs in nobody.

    Args:
        host: as the config names it.
        port: TCP port, None for the config's.
        known: the tenant's known hosts.
        timeout: seconds for reaching it.
        job: its Stop ends it.

    Returns:
        What would be new in the tenant's file; `address` is the name to write there. Nothing when
        the host is known, has changed or cannot be reached: ssh then says so when it is used.
    """
    with scratch() as folder:
        fresh = folder / "known_hosts"
        (folder / "tenant").symlink_to(known)
        options = {
            "UserKnownHostsFile": f"{fresh} {folder / 'tenant'}",
            "GlobalKnownHostsFile": "/dev/null",
            "StrictHostKeyChecking": "accept-new",
            "HashKnownHosts": "no",
            "CheckHostIP": "no",
            "UpdateHostKeys": "no",
            "PreferredAuthentications": "none",
            "BatchMode": "yes",
            "ControlPath": "none",
            "ConnectTimeout": str(int(timeout)),
        }
        argv = ["ssh", "-F", str(own_config() or "/dev/null"), "-T"]
        for name, value in options.items():
            argv += ["-o", f"{name}={value}"]
        argv += ["-p", str(port)] if port else []
        env = process.environment({"LC_ALL": "C.UTF-8"})
        process.run(
            [*argv, "--", host.strip("[]")], env=env, job=job, timeout=4 * timeout, keep=4096
        )
        lines = fresh.read_text("utf-8", "replace").splitlines() if fresh.exists() else []
        return [Shown(line.names, line.type, line.blob) for line in hostlines.read(lines)]
