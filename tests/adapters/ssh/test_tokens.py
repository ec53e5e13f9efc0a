"""Keys on a security key (FIDO2): their files are taken, and all else is left to ssh."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

from aiops_desktop.adapters import ssh
from aiops_desktop.adapters.askpass import Askpass
from aiops_desktop.adapters.sshline import asked_for, wants_pin
from aiops_desktop.domain.keys import KeyType
from aiops_desktop.domain.tenants import KeyFile
from aiops_desktop.domain.trouble import NotTrusted, Refused
from tests.support.tokens import token_key

#: Seconds anything may take on a busy machine.
PATIENCE = 20.0


@pytest.mark.parametrize("ecdsa", [False, True])
@pytest.mark.parametrize("passphrase", ["", "geheim"])
def test_the_file_of_a_security_key_is_read_as_ssh_keygen_does(
    tmp_path: Path, ecdsa: bool, passphrase: str
) -> None:
    path = token_key(tmp_path / "id", ecdsa=ecdsa, passphrase=passphrase)
    pair = ssh.read_file(path, passphrase)
    asked = ["ssh-keygen", "-y", "-P", passphrase, "-f", str(path)]
    told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    assert pair.public.split()[:2] == told.split()[:2]
    assert pair.type is (KeyType.ECDSA_SK if ecdsa else KeyType.ED25519_SK)
    assert (pair.encrypted, pair.bits) == (bool(passphrase), 256)
    copy = tmp_path / "folder" / "copy"
    ssh.write(pair, copy)
    asked[-1] = str(copy)
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == told


def test_its_passphrase_is_checked_like_any_other(tmp_path: Path) -> None:
    path = token_key(tmp_path / "id", passphrase="geheim")
    assert ssh.opens(path, "geheim")
    assert not ssh.opens(path, "wrong")
    assert ssh.read_file(path).encrypted
    with pytest.raises(NotTrusted):
        ssh.read_file(path, "wrong")
    path.write_bytes(path.read_bytes().replace(b"A", b"B"))
    with pytest.raises((Refused, NotTrusted)):
        ssh.read_file(path, "geheim")


def test_what_only_the_security_key_can_do_is_refused_with_a_way_out(tmp_path: Path) -> None:
    path = token_key(tmp_path / "id")
    with pytest.raises(Refused, match="lies on a security key") as caught:
        ssh.plain_text(path, "")
    assert "touch" in caught.value.hint
    with pytest.raises(Refused, match="security key"):
        ssh.with_passphrase(path, "", "new", "")
    with pytest.raises(Refused, match="makes its keys itself") as caught:
        ssh.generate(KeyType.ED25519_SK)
    assert "ssh-keygen -t ed25519-sk" in caught.value.hint


def test_a_pin_is_told_from_a_passphrase() -> None:
    keys = [KeyFile("first", Path("/a"), "SHA256:a"), KeyFile("second", Path("/b"), "SHA256:b")]
    pin = "Enter PIN for ED25519-SK key /run/x/key-1: "
    phrase = "Enter passphrase for key '/run/x/key-0': "
    assert asked_for(pin, keys) == keys[1]
    assert asked_for(phrase, keys) == keys[0]
    assert wants_pin(pin)
    assert not wants_pin(phrase)
    assert asked_for("Password: ", keys) is None


def test_what_ssh_only_shows_is_shown_and_not_answered() -> None:
    told: list[str] = []
    asked: list[str] = []
    shown = threading.Event()

    def show(text: str) -> None:
        told.append(text)
        shown.set()

    def answer(question: str) -> str:
        asked.append(question)
        return "secret"

    words = "Confirm user presence for key ED25519-SK SHA256:abc"
    with Askpass(answer, lambda: None, show) as askpass:
        notice = subprocess.Popen(
            [str(askpass.program), words],
            env={"SSH_ASKPASS_PROMPT": "none", "PATH": "/usr/bin:/bin"},
            stdout=subprocess.PIPE,
        )
        assert shown.wait(PATIENCE)
        said = subprocess.run(
            [str(askpass.program), "Enter PIN"],
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        assert notice.poll() is None, "it stands there until ssh takes it away"
        notice.terminate()
        assert notice.communicate(timeout=PATIENCE)[0] == b""
    assert told == [words]
    assert said.stdout == "secret\n"
    assert asked == ["Enter PIN"]
