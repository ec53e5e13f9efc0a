"""PuTTY's files, with its own program when it is installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from aiops_desktop.adapters import ssh
from aiops_desktop.domain.trouble import Missing, NotTrusted, Refused

PUTTYGEN = shutil.which("puttygen")
needs_puttygen = pytest.mark.skipif(not PUTTYGEN, reason="puttygen is not installed")


def _ppk(folder: Path, passphrase: str) -> tuple[Path, str]:
    plain, ppk = folder / "plain", folder / "key.ppk"
    make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "from putty", "-f", str(plain)]
    subprocess.run(make, check=True)
    (folder / "pass").write_text(f"{passphrase}\n")
    convert = ["puttygen", str(plain), "-O", "private", "-o", str(ppk)]
    subprocess.run([*convert, "--new-passphrase", str(folder / "pass")], check=True)
    shown = subprocess.run(["ssh-keygen", "-lf", str(plain)], capture_output=True, text=True)
    return ppk, shown.stdout.split()[1]


def test_without_puttygen_it_is_said_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("aiops_desktop.adapters.process._MORE_PATH", ())
    with pytest.raises(Missing, match="puttygen is not installed") as caught:
        ssh.read("PuTTY-User-Key-File-3: ssh-ed25519\r\nEncryption: none\r\n")
    assert "putty-tools" in caught.value.hint


@needs_puttygen
@pytest.mark.parametrize("passphrase", ["", "geheim wort"])
def test_a_putty_key_is_read(tmp_path: Path, passphrase: str) -> None:
    ppk, fingerprint = _ppk(tmp_path, passphrase)
    pair = ssh.read_file(ppk, passphrase)
    assert (pair.fingerprint, pair.encrypted) == (fingerprint, bool(passphrase))
    ssh.write(pair, tmp_path / "ours")
    made = subprocess.run(
        ["ssh-keygen", "-y", "-P", passphrase, "-f", str(tmp_path / "ours")], capture_output=True
    )
    assert made.returncode == 0, made.stderr
    if passphrase:
        with pytest.raises(NotTrusted, match="wrong"):
            ssh.read_file(ppk, "other")
        with pytest.raises(NotTrusted, match="has a passphrase"):
            ssh.read_file(ppk)


@needs_puttygen
def test_a_damaged_putty_key_is_refused(tmp_path: Path) -> None:
    ppk, _ = _ppk(tmp_path, "")
    ppk.write_bytes(ppk.read_bytes()[:150])
    with pytest.raises(Refused):
        ssh.read_file(ppk)
