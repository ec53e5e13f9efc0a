"""Keys: a long list, the choice of a key, and the line that says whom one acts as."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime
from pathlib import Path

from aiops_desktop.adapters import ssh
from aiops_desktop.app import build
from aiops_desktop.domain.keys import Key, KeyType
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.projects import ProjectDraft
from aiops_desktop.domain.tenants import TenantDraft
from aiops_desktop.storage.keys import KeyStore
from aiops_desktop.storage.open import open_database
from tests.benchmarks.result import Result, seconds

KEYS, HOSTS, ROUNDS = 500, 500, 30


def measure(folder: Path) -> list[Result]:
    """One tenant with 500 keys and 500 known hosts, and a project of each tenth key."""
    layout = Layout(folder / "keys", is_default=False)
    house = build(layout, {})
    tenant = house.tenants.create(TenantDraft("acme", "", "", "Ann", "ann@acme.example")).tenant
    room = house.tenants.room(tenant.id)
    store = KeyStore(open_database(layout))
    ids = [_add(store, tenant.id, room.keys_folder, number) for number in range(KEYS)]
    known = ssh.KnownHosts(room.known_hosts)
    pair = ssh.generate(KeyType.ED25519)
    line = " ".join(pair.public.split()[:2])
    names = [f"host-{number}.acme.example {line}\n" for number in range(HOSTS)]
    room.known_hosts.write_text("".join(names))
    assert len(known.all()) == HOSTS
    for number, key_id in enumerate(ids[::10]):
        url = f"git@host-{number * 10}.acme.example:a/site-{number}.git"
        house.projects.create(ProjectDraft(tenant.id, url, f"site-{number}", key_id=key_id))
    project = house.projects.all()[-1]
    listing = [seconds(lambda: house.keys.entries(tenant.id)) * 1000 for _ in range(ROUNDS)]
    few = house.tenants.create(TenantDraft("globex", "", "", "Ann", "ann@globex.example")).tenant
    mine = [house.keys.generate(few.id, f"key-{number}").key for number in range(5)]
    site = house.projects.create(
        ProjectDraft(few.id, "git@git.globex.example:a/b.git", "site", key_id=mine[2].id)
    ).project
    choosing = [seconds(lambda: house.keys.choice(site)) * 1000 for _ in range(ROUNDS)]
    before = [seconds(lambda: house.repositories.identity(site.id)) * 1000 for _ in range(ROUNDS)]
    many = [seconds(lambda: house.keys.choice(project)) * 1000 for _ in range(ROUNDS)]
    return [
        _result(
            "keys.list_ms",
            listing,
            100,
            f"the list of {KEYS} keys of a tenant with where each is used, how its file lies there,"
            " whether its passphrase is kept and the agent holds it",
        ),
        _result("keys.choice_ms", choosing, 5, "which of 5 keys a project offers, and why"),
        _result(
            "keys.preflight_ms",
            before,
            5,
            "the line that says whom one acts as: key, author, host and since when it is known",
        ),
        _result("keys.choice_many_ms", many, 100, f"which of {KEYS} keys a project offers"),
    ]


def _result(name: str, times: list[float], target: float, how: str) -> Result:
    told = f"{how}; median of {ROUNDS}, best {min(times):.2f} ms, worst {max(times):.2f} ms"
    return Result(name, statistics.median(times), "ms", target, "lower", told)


def _add(store: KeyStore, tenant_id: int, folder: Path, number: int) -> int:
    path = folder / f"key-{number}"
    pair = ssh.generate(KeyType.ED25519, comment=f"key {number}")
    ssh.write(pair, path)
    draft = Key(
        id=0,
        tenant_id=tenant_id,
        name=f"key-{number}",
        type=pair.type,
        bits=pair.bits,
        fingerprint=pair.fingerprint,
        public=pair.public,
        path=path,
        encrypted=number % 2 == 0,  # so that the secret store is asked, too
        created=datetime.now(UTC),
    )
    return store.add(draft).id
