"""How soon the secret store is open, and how fast text is freed of secrets."""

from __future__ import annotations

import secrets
import statistics
import subprocess
import sys
import time
from pathlib import Path

from aiops_desktop.adapters.secrets import Vault
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.scrubber import Scrubber
from aiops_desktop.domain.secrets import Place
from aiops_desktop.services.secrets import Secrets
from aiops_desktop.storage.open import open_database
from aiops_desktop.storage.secrets import SecretStore
from tests.benchmarks.result import Result, seconds
from tests.support.secret_store import start

ROUNDS = 7
PASSPHRASE = "seven words are easy"
#: Tokens of thirty tenants: the token of their forge and of their deployments, and a passphrase.
KEPT = 90

_UNLOCK = """
import sys, time
from pathlib import Path
from aiops_desktop.adapters.secrets import Vault
from aiops_desktop.domain.layout import Layout
from aiops_desktop.storage.open import open_database
from aiops_desktop.storage.secrets import SecretStore
layout = Layout(Path(sys.argv[1]), is_default=False)
store = SecretStore(open_database(layout))
begun = time.perf_counter()
store_keeper = store.keeper()
key = Vault(layout).unlock(store_keeper, sys.argv[2])
for sealed in store.all():
    key.open(sealed)
print(time.perf_counter() - begun)
"""


def measure(folder: Path) -> list[Result]:
    """Unlock once per start, in a process of its own; read one; change the key; scrub output."""
    layout = Layout(folder / "data", is_default=False)
    layout.data.mkdir()
    one = start(layout)
    one.safe.change(Place.PASSPHRASE, PASSPHRASE)
    for number in range(KEPT):
        one.secrets.put(f"tenant:{number}/https/git.acme.example", secrets.token_urlsafe(24))
    argv = [sys.executable, "-c", _UNLOCK, str(layout.data), PASSPHRASE]
    opened = [
        float(subprocess.run(argv, capture_output=True, text=True, check=True).stdout)
        for _ in range(ROUNDS)
    ]
    found = open_database(layout)
    vault = Vault(layout)
    later = Secrets(SecretStore(found), vault)
    keeper = SecretStore(found).keeper()
    if keeper is None:
        raise RuntimeError("nothing is kept")
    vault.unlock(keeper, PASSPHRASE)
    read = [seconds(lambda: later.get("tenant:5/https/git.acme.example")) for _ in range(50)]
    changed = seconds(lambda: one.safe.change(Place.FILE))
    return [
        Result(
            "secrets.unlock",
            statistics.median(opened),
            "s",
            1.0,
            "lower",
            f"from the passphrase to {KEPT} open secrets (Argon2id, 64 MiB, 3 passes), with the "
            f"imports it takes; median of {ROUNDS} fresh processes, worst {max(opened):.3f} s",
        ),
        Result(
            "secrets.read",
            statistics.median(read) * 1000,
            "ms",
            5.0,
            "lower",
            "one secret from an open store; median of 50",
        ),
        Result(
            "secrets.rekey",
            changed,
            "s",
            3.0,
            "lower",
            f"{KEPT} secrets sealed anew in one transaction, the former key destroyed",
        ),
        _scrubbing(),
    ]


def _scrubbing() -> Result:
    scrubber = Scrubber()
    known = [secrets.token_urlsafe(24) for _ in range(KEPT)]
    for token in known:
        scrubber.learn(token)
    lines = [f"TASK [app : step {n}] changed: [web{n % 7}] {known[n % KEPT]}\n" for n in range(99)]
    plain = "PLAY RECAP web1 : ok=2 changed=1 unreachable=0 failed=0 skipped=0 rescued=0\n" * 150
    text = ("".join(lines) + plain) * 60
    scrubber.scrub("made ready")
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        cleaned = scrubber.scrub(text)
        taken.append(time.perf_counter() - begun)
        if known[0] in cleaned:
            raise RuntimeError("a secret stayed")
    rate = len(text) / statistics.median(taken) / 1e6
    how = f"{len(text) / 1e6:.1f} MB of output, {KEPT} secrets known in every form"
    return Result("secrets.scrub", rate, "MB/s", 3.0, "higher", how)
