"""Keys as ssh-keygen makes and reads them."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_ssh_private_key,
)

from aiops_desktop.adapters import ssh
from aiops_desktop.domain.keys import KeyType
from aiops_desktop.domain.trouble import Failed, Missing, NotTrusted, Refused

ALL = [(KeyType.ED25519, 0), (KeyType.RSA, 2048), (KeyType.ECDSA, 256), (KeyType.ECDSA, 521)]


def _listed(path: Path) -> list[str]:
    out = subprocess.run(["ssh-keygen", "-lf", str(path)], capture_output=True, text=True)
    assert out.returncode == 0, out.stderr
    return out.stdout.split()


def _made(folder: Path, *args: str) -> Path:
    path = folder / "made"
    subprocess.run(["ssh-keygen", "-q", "-f", str(path), *args], check=True, capture_output=True)
    return path


@pytest.mark.parametrize(("kind", "bits"), ALL)
@pytest.mark.parametrize("passphrase", ["", "pass phrase ü"])
def test_ssh_keygen_agrees_with_a_generated_key(
    tmp_path: Path, kind: KeyType, bits: int, passphrase: str
) -> None:
    pair = ssh.generate(kind, bits=bits, passphrase=passphrase, comment="acme deploy")
    path = tmp_path / "keys" / "k"
    ssh.write(pair, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    told = _listed(path.with_name("k.pub"))
    assert told[:4] == [str(pair.bits), pair.fingerprint, "acme", "deploy"]
    made = subprocess.run(
        ["ssh-keygen", "-y", "-P", passphrase, "-f", str(path)], capture_output=True, text=True
    )
    assert made.stdout.split()[:2] == pair.public.split()[:2]
    assert pair.encrypted is bool(passphrase)
    assert ssh.opens(path, passphrase)
    assert ssh.opens(path, "wrong") is not pair.encrypted


def test_nothing_is_written_over(tmp_path: Path) -> None:
    pair = ssh.generate(KeyType.ED25519)
    (tmp_path / "k").write_text("precious")
    with pytest.raises(Refused):
        ssh.write(pair, tmp_path / "k")
    (tmp_path / "l.pub").write_text("precious")
    with pytest.raises(Refused):
        ssh.write(pair, tmp_path / "l")
    assert not (tmp_path / "l").exists()
    assert (tmp_path / "k").read_text() == "precious"


@pytest.mark.parametrize("form", [[], ["-m", "PEM"], ["-m", "PKCS8"]])
@pytest.mark.parametrize("kind", [["-t", "rsa", "-b", "2048"], ["-t", "ecdsa", "-b", "384"]])
@pytest.mark.parametrize("passphrase", ["", "secret"])
def test_every_form_of_openssh_is_read(
    tmp_path: Path, form: list[str], kind: list[str], passphrase: str
) -> None:
    path = _made(tmp_path, *kind, *form, "-N", passphrase, "-C", "ann at desk")
    pair = ssh.read_file(path, passphrase)
    assert (pair.fingerprint, pair.encrypted) == (_listed(path)[1], bool(passphrase))
    assert pair.comment == "ann at desk"
    ssh.write(pair, tmp_path / "copy")
    made = subprocess.run(
        ["ssh-keygen", "-y", "-P", passphrase, "-f", str(tmp_path / "copy")], capture_output=True
    )
    assert made.returncode == 0, made.stderr
    if passphrase:
        with pytest.raises(NotTrusted, match="wrong"):
            ssh.read_file(path, "other")


def test_an_ed25519_key_as_pkcs8_is_read() -> None:
    key = load_ssh_private_key(ssh.generate(KeyType.ED25519).private.encode(), None)
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert not ssh.read(plain).encrypted
    locked = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x y"))
    assert ssh.read(locked, "x y").encrypted
    with pytest.raises(NotTrusted, match="has a passphrase"):
        ssh.read(locked)


def test_a_pasted_text_is_repaired(tmp_path: Path) -> None:
    path = _made(tmp_path, "-t", "ed25519", "-N", "", "-C", "hello there")
    text = path.read_text()
    want = ssh.read(text)
    assert want.comment == "hello there"
    for broken in (
        text.replace("\n", "\r\n"),
        text.rstrip("\n"),
        "\n\n  " + text.replace("\n", "\n    "),
        "\ufeff" + text.replace("\n", "\r"),
        "Here is the key:\n" + text,
    ):
        assert ssh.read(broken) == want


def test_a_locked_openssh_key_shows_its_public_half(tmp_path: Path) -> None:
    path = _made(tmp_path, "-t", "ed25519", "-N", "secret", "-C", "c")
    pair = ssh.read(path.read_text())
    assert pair.encrypted
    assert pair.public.split()[:2] == (tmp_path / "made.pub").read_text().split()[:2]
    with pytest.raises(NotTrusted):
        ssh.read(path.read_text(), "wrong")


def test_what_is_no_private_key_is_refused_in_words(tmp_path: Path) -> None:
    path = _made(tmp_path, "-t", "ed25519", "-N", "")
    text = path.read_text()
    cases = {
        "": "no private key",
        "hello": "no private key",
        (tmp_path / "made.pub").read_text(): "public half",
        "\n".join(text.splitlines()[:3]): "damaged",
        text.replace("b3BlbnNzaC1rZXktdjE", "b3BlbnNzaC1rZXktdjI"): "damaged",
        "-----BEGIN DSA PRIVATE KEY-----\nMIIB\n-----END DSA PRIVATE KEY-----\n": "DSA",
        "x" * 100_000: "too long",
    }
    for given, words in cases.items():
        with pytest.raises(Refused, match=words):
            ssh.read(given)


def test_files_that_cannot_be_keys_are_said(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        ssh.read_file(tmp_path / "none")
    with pytest.raises(Refused, match="folder"):
        ssh.read_file(tmp_path)
    (tmp_path / "big").write_bytes(b"\0" * 200_000)
    with pytest.raises(Refused, match="too large"):
        ssh.read_file(tmp_path / "big")
    (tmp_path / "bin").write_bytes(bytes(range(256)))
    with pytest.raises(Refused):
        ssh.read_file(tmp_path / "bin")
    with pytest.raises((Failed, Missing)):
        ssh.read_file(tmp_path / "big" / "under")


def test_odd_sizes_are_refused() -> None:
    with pytest.raises(Refused, match="2048"):
        ssh.generate(KeyType.RSA, bits=512)


def test_a_key_never_shows_its_private_text() -> None:
    assert "PRIVATE" not in repr(ssh.generate(KeyType.ED25519))
