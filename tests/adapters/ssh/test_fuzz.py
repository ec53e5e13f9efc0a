"""Whatever comes as key, public line, list of hosts or passphrase: a clear refusal, in time."""

from __future__ import annotations

import base64
import struct
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from aiops_desktop.adapters import ssh
from aiops_desktop.adapters.ssh import KnownHosts
from aiops_desktop.domain.keys import KeyType
from aiops_desktop.domain.trouble import Trouble

LIMIT = 1.0
_PAIR = ssh.generate(KeyType.ED25519, comment="c")
_LOCKED = ssh.generate(KeyType.ED25519, passphrase="p")
_WHOLE = _PAIR.private.encode()

often = settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _read(data: bytes | str, passphrase: str = "") -> None:
    begun = time.monotonic()
    with suppress(Trouble):
        ssh.read(data, passphrase)
    assert time.monotonic() - begun < LIMIT


@often
@given(some.binary(max_size=4096), some.text(max_size=20))
def test_bytes_as_a_key(data: bytes, passphrase: str) -> None:
    _read(data, passphrase)
    _read(b"-----BEGIN OPENSSH PRIVATE KEY-----\n" + data + b"\n-----END OPENSSH PRIVATE KEY-----")


@often
@given(some.text(max_size=500))
def test_text_as_a_key(text: str) -> None:
    _read(text)


@often
@given(some.integers(0, len(_WHOLE) - 1), some.binary(min_size=1, max_size=8))
def test_a_key_with_bytes_changed(at: int, patch: bytes) -> None:
    _read(_WHOLE[:at] + patch + _WHOLE[at + len(patch) :])
    _read(_WHOLE[:at])
    _read(_LOCKED.private.encode()[:at] + patch)


@often
@given(
    some.sampled_from(
        ["RSA PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"]
    ),
    some.binary(max_size=600),
)
def test_pem_with_anything_in_it(label: str, body: bytes) -> None:

    text = base64.b64encode(body)
    _read(
        f"-----BEGIN {label} KEY-----\n".encode() + text + f"\n-----END {label} KEY-----\n".encode()
    )


@settings(max_examples=8, deadline=None, database=None)
@given(some.text(max_size=200))
def test_anything_as_a_passphrase(passphrase: str) -> None:
    _read(_LOCKED.private, passphrase)


def test_a_key_that_would_take_minutes_is_refused(tmp_path: Path) -> None:

    def field(data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + data

    options = field(b"s" * 16) + struct.pack(">I", 2**31)
    blob = base64.b64decode(_PAIR.public.split()[1])
    body = b"openssh-key-v1\0" + field(b"aes256-ctr") + field(b"bcrypt") + field(options)
    body += struct.pack(">I", 1) + field(blob) + field(b"x" * 160)
    text = base64.b64encode(body)
    _read(
        b"-----BEGIN OPENSSH PRIVATE KEY-----\n" + text + b"\n-----END OPENSSH PRIVATE KEY-----\n",
        "secret",
    )


@often
@given(some.binary(max_size=2048), some.text(max_size=40))
def test_anything_as_a_list_of_hosts(tmp_path: Path, data: bytes, host: str) -> None:
    file = tmp_path / "known_hosts"
    file.write_bytes(data)
    hosts = KnownHosts(file)
    begun = time.monotonic()
    with suppress(Trouble):
        hosts.all()
        hosts.of(host)
        hosts.authorities(host)
        hosts.standing(host, "ssh-ed25519", b"x")
        hosts.remove(host)
        KnownHosts(tmp_path / "mine").take(file)
    assert time.monotonic() - begun < LIMIT


@often
@given(some.lists(some.text(alphabet="*?[]!|a1@#,.= \t+/", max_size=60), max_size=8))
def test_lines_that_look_like_hosts(tmp_path: Path, names: list[str]) -> None:
    file = tmp_path / "known_hosts"
    key = " ".join(_PAIR.public.split()[:2])
    file.write_text("".join(f"{name} {key}\n" for name in names))
    hosts = KnownHosts(file)
    begun = time.monotonic()
    for host in [*names, "git.acme.example", "[::1]:22"]:
        hosts.of(host)
    assert time.monotonic() - begun < LIMIT


@pytest.mark.parametrize("stars", [20, 200])
def test_a_pattern_of_stars_is_matched_in_time(tmp_path: Path, stars: int) -> None:
    file = tmp_path / "known_hosts"
    key = " ".join(_PAIR.public.split()[:2])
    file.write_text(f"{'*a' * stars}b {key}\n")
    begun = time.monotonic()
    KnownHosts(file).of("a" * 250)
    assert time.monotonic() - begun < LIMIT
