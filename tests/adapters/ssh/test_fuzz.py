"""Whatever comes as key, public line, list of hosts or passphrase: a clear refusal, in time."""

from __future__ import annotations

import base64
import struct
import time
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from aiops_desktop.adapters import ssh
from aiops_desktop.adapters.ssh import KnownHosts
from aiops_desktop.domain.keys import KeyType
from aiops_desktop.domain.trouble import Refused, Trouble

#: Seconds of the processor, not of a clock: others may be at work on the same machine.
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
    begun = time.thread_time()
    with suppress(Trouble):
        ssh.read(data, passphrase)
    assert time.thread_time() - begun < LIMIT


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


@pytest.mark.parametrize(
    ("iterations", "taken"), [(b"\x02\x02\x08\x00", True), (b"\x02\x04\x7f\xff\xff\xff", False)]
)
def test_a_pkcs8_key_that_would_take_minutes_is_refused(iterations: bytes, taken: bool) -> None:
    """What OpenSSL would only begin to count is read off the file first."""
    usual = b"\x02\x02\x08\x00"
    cipher = serialization.BestAvailableEncryption(b"p")
    form = serialization.PrivateFormat.PKCS8
    key = ed25519.Ed25519PrivateKey.generate()
    der = key.private_bytes(serialization.Encoding.DER, form, cipher)
    assert usual in der
    more = len(iterations) - len(usual)
    der = der.replace(usual, iterations)
    # Every sequence around the number is longer now: its own, those of the function, the cipher's
    # parameters, the algorithm, and the whole.
    made = bytearray(der)
    for place in _sequences_around(der, der.index(iterations)):
        made[place] += more
    text = b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + base64.encodebytes(bytes(made))
    text += b"-----END ENCRYPTED PRIVATE KEY-----\n"
    if taken:
        assert ssh.read(text, "p").type is KeyType.ED25519
    else:
        with pytest.raises(Refused, match="minutes"):
            ssh.read(text, "p")


def test_an_rsa_key_of_huge_primes_is_not_looked_at_for_minutes() -> None:
    p, q, e = 2**9689 - 1, 2**9941 - 1, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    numbers = (0, p * q, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p))
    text = base64.encodebytes(_sequence(b"".join(map(_integer, numbers))))
    _read(b"-----BEGIN RSA PRIVATE KEY-----\n" + text + b"-----END RSA PRIVATE KEY-----\n")


def test_rsa_numbers_that_do_not_belong_together_are_refused() -> None:
    p, q, e = 2**1279 - 1, 2**2203 - 1, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    for wrong in range(1, 9):
        if wrong == 2:
            continue  # another exponent is another key
        numbers = [0, p * q, e, d, p, q, d % (p - 1), d % (q - 1), pow(q, -1, p)]
        numbers[wrong] += 2
        text = base64.encodebytes(_sequence(b"".join(map(_integer, numbers))))
        with pytest.raises(Refused):
            ssh.read(
                b"-----BEGIN RSA PRIVATE KEY-----\n" + text + b"-----END RSA PRIVATE KEY-----\n"
            )


def _integer(value: int) -> bytes:
    data = value.to_bytes(value.bit_length() // 8 + 1, "big")
    return b"\x02" + _length(len(data)) + data


def _sequence(body: bytes) -> bytes:
    return b"\x30" + _length(len(body)) + body


def _length(size: int) -> bytes:
    if size < 128:
        return bytes([size])
    told = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(told)]) + told


def _sequences_around(der: bytes, at: int) -> list[int]:
    """Where the lowest byte of the length of each sequence stands that holds the place `at`."""
    found, start, end = [], 0, len(der)
    while start < end:
        long = der[start + 1] & 0x7F if der[start + 1] & 0x80 else 0
        body = start + 2 + long
        size = int.from_bytes(der[start + 2 : body], "big") if long else der[start + 1]
        if not body <= at < body + size:
            start = body + size
            continue
        if der[start] != 0x30 or start == at:
            break
        found.append(body - 1)
        start, end = body, body + size
    return found


@often
@given(some.binary(max_size=2048), some.text(max_size=40))
def test_anything_as_a_list_of_hosts(tmp_path: Path, data: bytes, host: str) -> None:
    file = tmp_path / "known_hosts"
    file.write_bytes(data)
    hosts = KnownHosts(file)
    begun = time.thread_time()
    with suppress(Trouble):
        hosts.all()
        hosts.of(host)
        hosts.authorities(host)
        hosts.standing(host, "ssh-ed25519", b"x")
        hosts.remove(host)
        KnownHosts(tmp_path / "mine").take(file)
    assert time.thread_time() - begun < LIMIT


@often
@given(some.lists(some.text(alphabet="*?[]!|a1@#,.= \t+/", max_size=60), max_size=8))
def test_lines_that_look_like_hosts(tmp_path: Path, names: list[str]) -> None:
    file = tmp_path / "known_hosts"
    key = " ".join(_PAIR.public.split()[:2])
    file.write_text("".join(f"{name} {key}\n" for name in names))
    hosts = KnownHosts(file)
    begun = time.thread_time()
    for host in [*names, "git.acme.example", "[::1]:22"]:
        hosts.of(host)
    assert time.thread_time() - begun < LIMIT


@pytest.mark.parametrize("stars", [20, 200])
def test_a_pattern_of_stars_is_matched_in_time(tmp_path: Path, stars: int) -> None:
    file = tmp_path / "known_hosts"
    key = " ".join(_PAIR.public.split()[:2])
    file.write_text(f"{'*a' * stars}b {key}\n")
    begun = time.thread_time()
    KnownHosts(file).of("a" * 250)
    assert time.thread_time() - begun < LIMIT
