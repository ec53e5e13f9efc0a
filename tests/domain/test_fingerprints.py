"""Fingerprints and pictures, as ssh-keygen shows them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from aiops_desktop.domain import fingerprints


@pytest.mark.parametrize(
    ("kind", "title", "bits"),
    [("ed25519", "ED25519", 256), ("rsa", "RSA", 2048), ("ecdsa", "ECDSA", 521)],
)
def test_all_three_are_those_of_ssh_keygen(
    tmp_path: Path, kind: str, title: str, bits: int
) -> None:
    for number in range(3):
        path = tmp_path / f"k{number}"
        make = ["ssh-keygen", "-q", "-t", kind, "-b", str(bits), "-N", "", "-f", str(path)]
        subprocess.run(make, check=True)
        shown = subprocess.run(
            ["ssh-keygen", "-lvf", str(path)], capture_output=True, text=True, check=True
        ).stdout.splitlines()
        md5 = subprocess.run(
            ["ssh-keygen", "-l", "-E", "md5", "-f", str(path)], capture_output=True, text=True
        ).stdout.split()[1]
        blob = fingerprints.blob_of((tmp_path / f"k{number}.pub").read_text())
        assert fingerprints.randomart(blob, title, bits).splitlines() == shown[1:]
        assert fingerprints.sha256(blob) == shown[0].split()[1]
        assert fingerprints.md5(blob) == md5


def test_what_is_no_public_line_has_no_blob() -> None:
    for text in ("", "ssh-rsa", "ssh-rsa ???", "x y z"):
        assert fingerprints.blob_of(text) == b""
