"""Certificates say what ssh-keygen says of them, and anything else is refused in a sentence."""

from __future__ import annotations

import base64
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiops_desktop.domain.certificates import Validity, fitting, read
from aiops_desktop.domain.fingerprints import blob_of, sha256
from aiops_desktop.domain.trouble import Refused
from tests.support.authority import Authority


def _public(folder: Path, kind: str, *more: str) -> str:
    path = folder / f"key-{kind}"
    make = ["ssh-keygen", "-q", "-t", kind, *more, "-N", "", "-C", "ann", "-f", str(path)]
    subprocess.run(make, check=True)
    return path.with_name(path.name + ".pub").read_text().strip()


@pytest.mark.parametrize("kind", ["ed25519", "rsa", "ecdsa"])
def test_a_certificate_is_read_as_ssh_keygen_reads_it(tmp_path: Path, kind: str) -> None:
    public = _public(tmp_path, kind)
    signed = Authority(tmp_path / "ca").sign(
        public, "deploy", "git", serial=4_000_000_000, more=("-O", "source-address=10.0.0.0/8")
    )
    line, made = read(signed.read_bytes())
    listed = ["ssh-keygen", "-L", "-f", str(signed)]
    told = subprocess.run(listed, capture_output=True, text=True, check=True).stdout
    assert made.fingerprint == sha256(blob_of(public))
    assert f"CERT {made.fingerprint}" in told.replace("-CERT", "-CERT ").replace("  ", " ")
    assert made.authority in told
    assert (made.key_id, made.serial) == ("ann@acme", 4_000_000_000)
    assert made.principals == ("deploy", "git")
    assert made.limits == ("source-address",)
    assert made.validity() is Validity.VALID
    assert not made.warning()
    assert signed.read_text().startswith(line)
    assert fitting(line, made.fingerprint) == (line, made)


def test_what_counts_no_more_or_not_yet_is_said(tmp_path: Path) -> None:
    public, authority = _public(tmp_path, "ed25519"), Authority(tmp_path / "ca")
    old = read(authority.sign(public, valid="20200101:20210101").read_bytes())[1]
    assert old.validity() is Validity.EXPIRED
    assert "ran out on 20" in old.warning()
    new = read(authority.sign(public, valid="+10d:+20d").read_bytes())[1]
    assert new.validity() is Validity.EARLY
    assert "counts from" in new.warning()
    assert new.validity(datetime.now(UTC) + timedelta(days=11)) is Validity.VALID
    ever = read(authority.sign(public, valid="").read_bytes())[1]
    assert (ever.after, ever.before, ever.principals) == (None, None, ())
    assert ever.validity() is Validity.VALID


def test_other_keys_hosts_and_halves_are_refused(tmp_path: Path) -> None:
    public, authority = _public(tmp_path, "ed25519"), Authority(tmp_path / "ca")
    text = authority.sign(public, "a").read_text()
    with pytest.raises(Refused, match="another key"):
        fitting(text, sha256(b"other"))
    with pytest.raises(Refused, match="a host's"):
        read(authority.sign(public, "a", more=("-h",)).read_text())
    with pytest.raises(Refused, match="no certificate"):
        read(public)
    kind, blob = text.split()[:2]
    for cut in (1, 40, len(blob) // 2, len(blob) - 4):
        with pytest.raises(Refused):
            read(f"{kind} {blob[:cut]}")
    with pytest.raises(Refused):
        read(f"ssh-rsa-cert-v01@openssh.com {blob}")


def test_names_that_a_terminal_would_obey_are_shown_harmlessly(tmp_path: Path) -> None:
    public = _public(tmp_path, "ed25519")
    made = read(Authority(tmp_path / "ca").sign(public, "a\x1b[31mb").read_bytes())[1]
    assert made.principals == ("a\ufffd[31mb",)


@given(st.binary(max_size=400))
def test_anything_else_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(Refused):
        read(data)


@given(st.binary(max_size=300))
def test_anything_under_a_certificates_name_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        read(b"ssh-ed25519-cert-v01@openssh.com " + base64.b64encode(data))
