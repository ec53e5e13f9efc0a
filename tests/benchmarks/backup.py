"""How fast a backup is beside SQLite's own backup and tar, on the same data."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import statistics
import subprocess
from functools import partial
from pathlib import Path

from aiops_desktop.app import build
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.jobs.job import Job
from tests.benchmarks.result import Result, paired, seconds

ROUNDS = 7
#: Bytes of the database, and how many files of runs there are beside it.
DATABASE, FILES, EACH = 120 << 20, 2_000, 24 << 10
PASSPHRASE = "seven words are easy"


def measure(folder: Path) -> list[Result]:
    """Plain and encrypted against `sqlite3 .backup` and `tar` with a sync; then the check."""
    layout = Layout(folder / "data", is_default=False)
    house = build(layout, {})
    tenant = house.tenants.create(TenantDraft("acme")).tenant
    house.keys.generate(tenant.id, "deploy")
    _fill(layout)
    target, made = folder / "ours.tar", folder / "theirs"

    def ours(passphrase: str) -> float:
        target.unlink(missing_ok=True)
        return seconds(
            lambda: house.backups.make(Job("Back up"), target, passphrase=passphrase, check=False)
        )

    def peer() -> float:
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
        return seconds(lambda: _theirs(layout, made))

    size = (DATABASE + FILES * EACH) / 1e6
    ratio, mine, theirs = paired(partial(ours, ""), peer, ROUNDS)
    how = (
        f"{size:.0f} MB, {FILES} files: {mine:.2f} s, SQLite's backup plus tar {theirs:.2f} s; "
        f"median of {ROUNDS} pairs, both brought to the disk; the peer makes no checksums"
    )
    results = [Result("backup.plain", 1 / ratio, "×", 0.7, "higher", how)]
    sealed = statistics.median(ours(PASSPHRASE) for _ in range(ROUNDS))
    how = f"under a passphrase, Argon2id's time ({sealed:.2f} s in all) included"
    results.append(Result("backup.encrypted", size / sealed, "MB/s", 50, "higher", how))
    ours("")
    checked = seconds(lambda: house.backups.verify(target, Job("Verify")))
    how = "every byte read and every checksum compared"
    return [*results, Result("backup.verify", size / checked, "MB/s", 100, "higher", how)]


def _theirs(layout: Layout, folder: Path) -> None:
    copy = folder / "aiops.db"
    with (
        contextlib.closing(sqlite3.connect(layout.database)) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    archive = folder / "theirs.tar"
    subprocess.run(
        ["tar", "cf", archive, "-C", folder, "aiops.db", "-C", layout.data, "tenants"], check=True
    )
    descriptor = os.open(archive, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _fill(layout: Layout) -> None:
    base = sqlite3.connect(layout.database)
    with base:
        base.execute("CREATE TABLE filling (data BLOB)")
        for _ in range(DATABASE >> 20):
            base.execute("INSERT INTO filling VALUES (?)", (os.urandom((1 << 20) - 4096),))
    base.close()
    runs = layout.tenant("acme") / "runs"
    for number in range(FILES):
        run = runs / str(number % 200)
        run.mkdir(exist_ok=True)
        (run / f"{number}.jsonl").write_bytes(os.urandom(EACH))
