"""Clone and status against the git program."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.jobs.job import Job, Reply, Silent
from aiops_desktop.services.house import House
from tests.benchmarks.result import Result, paired, seconds
from tests.support.sshd import Sshd

FILES, CHECKOUTS = 20_000, 200


class Trusting(Silent):
    """Trusts the host of the measurement."""

    def ask(self, reply: Reply) -> None:
        reply.give("trust")


def measure(folder: Path) -> list[Result]:
    """Both engines on the same server, the same repositories, in turns."""
    data = folder / "data"
    data.mkdir(mode=0o700)
    house = build(Layout(data, is_default=False))
    return [_clone(house, folder), _statuses(house, folder)]


def repository(path: Path, files: int) -> Path:
    """A bare repository of so many small files in folders of a hundred, in one commit."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
    parts = [b"commit refs/heads/main\ncommitter T <t@example.org> 1700000000 +0000\ndata 1\nx\n"]
    for number in range(files):
        text = f"file {number}\n".encode() * (1 + number % 40)
        name = f"d{number // 100:04d}/f{number:05d}.txt"
        parts.append(b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(text), text))
    subprocess.run(
        ["git", "-C", str(path), "fast-import", "--quiet"], input=b"".join(parts), check=True
    )
    subprocess.run(["git", "-C", str(path), "repack", "-adq"], check=True)
    return path


def _clone(house: House, folder: Path) -> Result:
    source = repository(folder / "big.git", FILES)
    tenant = house.tenants.create(
        TenantDraft("bench", author_name="T", author_email="t@example.org")
    )
    key = house.keys.generate(tenant.tenant.id, "bench").key
    with Sshd(folder / "sshd") as server:
        server.authorize(key.public)
        project = house.projects.create(
            ProjectDraft(tenant.tenant.id, server.url(source), "big")
        ).project
        room = house.tenants.room(tenant.tenant.id)
        job = Job("clone", Trusting())

        def ours() -> float:
            shutil.rmtree(project.checkout, ignore_errors=True)
            return seconds(lambda: house.repositories.clone(project.id, job))

        ours()  # meets the host; from now on both know it
        ssh = (
            f"ssh -F /dev/null -o BatchMode=yes -o IdentitiesOnly=yes -i {key.path} "
            f"-o UserKnownHostsFile={room.known_hosts} -o StrictHostKeyChecking=yes"
        )
        target = folder / "peer"

        def peer() -> float:
            shutil.rmtree(target, ignore_errors=True)
            argv = ["git", "clone", "-q", server.url(source), str(target)]
            env = dict(os.environ, GIT_SSH_COMMAND=ssh)
            return seconds(lambda: subprocess.run(argv, env=env, check=True))

        ratio, mine, theirs = paired(ours, peer, 5)
    return Result(
        "git.clone_ssh_20k_files",
        ratio,
        "x",
        1.3,
        "lower",
        f"the whole clone verb (key choice, host check, progress, history) of {FILES:,} files from "
        f"an sshd on loopback, {mine:.2f} s, over `git clone`, {theirs:.2f} s; median of 5 pairs",
    )


def _statuses(house: House, folder: Path) -> Result:
    source = repository(folder / "small.git", 300)
    tenant = house.tenants.create(TenantDraft("sweep")).tenant
    paths, ids = [], []
    for number in range(CHECKOUTS):
        path = folder / "checkouts" / f"c{number:03d}"
        subprocess.run(["git", "clone", "-q", "--shared", str(source), str(path)], check=True)
        (path / "d0000" / "f00001.txt").write_text("changed\n")
        (path / "new.txt").write_text("new\n")
        draft = ProjectDraft(tenant.id, str(source), path.name, checkout=str(path))
        ids.append(house.projects.create(draft).project.id)
        paths.append(path)
    seen: list[int] = []

    def ours() -> float:
        seen.clear()
        took = seconds(
            lambda: house.repositories.statuses(ids, Job("sweep"), lambda n, _s: seen.append(n))
        )
        if len(seen) != CHECKOUTS:
            raise RuntimeError(f"{len(seen)} of {CHECKOUTS} statuses came")
        return took

    def peer() -> float:
        begun = time.perf_counter()
        for path in paths:
            argv = ["git", "-C", str(path), "status", "--porcelain=v2", "--branch"]
            subprocess.run(argv, check=True, capture_output=True)
        return time.perf_counter() - begun

    ratio, mine, theirs = paired(ours, peer, 5)
    return Result(
        "git.status_200_checkouts",
        ratio,
        "x",
        0.5,
        "lower",
        f"branch, ahead/behind and changes of {CHECKOUTS} checkouts of 300 files, side by side, "
        f"{mine:.2f} s, over a loop of `git status --porcelain=v2 --branch`, {theirs:.2f} s, on "
        f"{os.cpu_count()} cores; median of 5 pairs",
    )
