"""Key files: made, read in every form OpenSSH takes, checked, written so that only we may read."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from aiops_desktop.adapters.ssh import putty, token
from aiops_desktop.adapters.ssh.keytext import (
    LONGEST,
    damaged,
    openssh,
    refuse_slow,
    repaired,
    strings,
)
from aiops_desktop.domain.certificates import fitting
from aiops_desktop.domain.fingerprints import sha256 as fingerprint
from aiops_desktop.domain.keys import KeyType
from aiops_desktop.domain.trouble import Failed, Missing, NotTrusted, Refused

Private = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_CURVES: dict[int, ec.EllipticCurve] = {
    256: ec.SECP256R1(),
    384: ec.SECP384R1(),
    521: ec.SECP521R1(),
}
_SIZES = {
    KeyType.ED25519: (256,),
    KeyType.RSA: (4096, 3072, 2048, 8192),
    KeyType.ECDSA: (256, 384, 521),
}


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A key pair as texts. `private` is OpenSSH's own format and is shown to nobody.

    Attributes:
        public: one line in authorized_keys form, comment and all.
        fingerprint: as `ssh-keygen -l` prints it.
        certificate: the line of its user certificate, "" for none.
    """

    private: str
    public: str
    type: KeyType
    bits: int
    fingerprint: str
    encrypted: bool
    comment: str
    certificate: str = ""

    def __repr__(self) -> str:
        return f"KeyPair({self.fingerprint})"


def generate(kind: KeyType, *, bits: int = 0, passphrase: str = "", comment: str = "") -> KeyPair:
    """Make a key pair; `bits` 0 is the usual size.

    Raises:
        Refused: a size this type does not come in, or a type that a security key makes itself.
    """
    if kind.on_token:
        raise Refused(
            "A security key makes its keys itself.",
            f"Run ssh-keygen -t {kind} -f FILE with it at hand, then import the file.",
            field="type",
        )
    sizes = _SIZES[kind]
    size = bits or sizes[0]
    if size not in sizes:
        known = ", ".join(str(number) for number in sorted(sizes))
        raise Refused(
            f"{kind} keys do not come with {bits} bits.", f"Choose {known}.", field="bits"
        )
    made: Private
    if kind is KeyType.ED25519:
        made = ed25519.Ed25519PrivateKey.generate()
    elif kind is KeyType.RSA:
        made = rsa.generate_private_key(65537, size)
    else:
        made = ec.generate_private_key(_CURVES[size])
    return _pair(made, passphrase, comment)


def read(text: str | bytes, passphrase: str = "", comment: str = "") -> KeyPair:
    """A private key from its text, in OpenSSH's, PEM or PKCS#8 form; line ends are repaired.

    OpenSSH's form is kept as it is, and shows its public half without the passphrase. The others
    become OpenSSH's, under the same passphrase.

    Args:
        text: what was pasted or read.
        passphrase: checked when given.
        comment: for the public line, when the key has none it shows.

    Raises:
        Refused: not a private key of a type we take.
        NotTrusted: the passphrase is wrong, or is needed to read it at all.
    """
    data = repaired(text)
    if data.startswith(putty.HEAD):
        data = repaired(putty.converted(_bytes(text), passphrase))
    found = re.search(rb"-----BEGIN ([A-Z0-9 ]+)-----", data)
    _refuse_others(data, found[1].decode() if found else "")
    if found and found[1] == b"OPENSSH PRIVATE KEY":
        blob, encrypted, own = openssh(data)
        if _named(blob) in token.TYPES:
            if passphrase or not encrypted:
                token.check(data, passphrase if encrypted else "")
        elif passphrase or not encrypted:
            _load(data, passphrase if encrypted else "", serialization.load_ssh_private_key)
        if not data.isascii():
            raise damaged()
        return _described(data.decode("ascii"), blob, encrypted, own or comment)
    refuse_slow(data)
    key = _load(data, passphrase, serialization.load_pem_private_key)
    return _pair(key, passphrase if _is_encrypted(data) else "", comment)


def read_file(path: Path, passphrase: str = "") -> KeyPair:
    """The same from a file; a public half beside it gives the comment, a certificate comes along.

    Raises:
        Missing: there is no such file.
        Failed: it cannot be read.
        Refused, NotTrusted: as `read`.
    """
    if path.is_dir():
        raise Refused(f"{path.name} is a folder.", "Choose the private key in it.")
    data = text_of(path)
    comment = ""
    with suppress(OSError, UnicodeDecodeError, IndexError):
        comment = path.with_name(path.name + ".pub").read_text().strip().split(None, 2)[2]
    pair = read(data, passphrase, comment)
    with suppress(Missing, Failed, Refused):  # none, or not of this key
        text = text_of(certificate_of(path))
        return replace(pair, certificate=fitting(text, pair.fingerprint)[0])
    return pair


def certificate_of(path: Path) -> Path:
    """Where ssh looks for the certificate of a private key (ssh(1), -i)."""
    return path.with_name(path.name + "-cert.pub")


def text_of(path: Path) -> bytes:
    """What a small file holds.

    Raises:
        Missing: it is not there.
        Failed: it cannot be read.
        Refused: it is too large for a key.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST + 1)
    except FileNotFoundError as error:
        raise Missing(f"There is no file {path}.", "Choose another file.") from error
    except OSError as error:
        raise Failed(
            f"{path} cannot be read: {error.strerror}.", "Check its permissions."
        ) from error
    if len(data) > LONGEST:
        raise Refused(f"{path.name} is too large for a key.", "Choose another file.")
    return data


def put_certificate(line: str, path: Path) -> None:
    """Lay a certificate beside the private key at `path`, in the place of another; "" for none.

    Raises:
        Failed: it cannot be written.
    """
    place = certificate_of(path)
    try:
        if line:
            fresh = place.with_name(f".{place.name}.new")
            fresh.write_text(line + "\n")
            fresh.replace(place)
        else:
            place.unlink(missing_ok=True)
    except OSError as error:
        raise Failed(
            f"The certificate cannot be written: {error.strerror}.", "Check the disk."
        ) from error


def opened(path: Path, passphrase: str) -> Private:
    """The private key of a file, for those who sign or lock with it.

    Raises:
        Missing, Failed, Refused: as `read_file`; Refused, too, for a key on a security key.
        NotTrusted: the passphrase is wrong or missing.
    """
    pair = read_file(path, passphrase)
    if pair.type.on_token:
        raise Refused(
            "The private half of this key lies on a security key.",
            "ssh asks for a touch of it each time. Its file gets another passphrase by "
            "ssh-keygen -p.",
        )
    secret = passphrase if pair.encrypted else ""
    return _load(pair.private.encode(), secret, serialization.load_ssh_private_key)


def locked(key: Private, passphrase: str, comment: str) -> KeyPair:
    """A key pair under a passphrase; "" for none."""
    return _pair(key, passphrase, comment)


def opens(path: Path, passphrase: str) -> bool:
    """Whether a passphrase opens a key file.

    Raises:
        Missing: the file is gone.
        Failed: it cannot be read.
        Refused: it is no key any more.
    """
    try:
        read_file(path, passphrase)
    except NotTrusted:
        return False
    return True


def write(pair: KeyPair, path: Path) -> None:
    """Write both halves; the private one 0600, in a folder made 0700, over nothing.

    Raises:
        Refused: a file is there already.
        Failed: it cannot be written.
    """
    public = path.with_name(path.name + ".pub")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _new_file(path, pair.private, 0o600)
        try:
            _new_file(public, pair.public + "\n", 0o644)
        except OSError:
            path.unlink()
            raise
        put_certificate(pair.certificate, path)
    except FileExistsError as error:
        raise Refused(
            f"The file {error.filename} is there already.", "Choose another name."
        ) from error
    except OSError as error:
        raise Failed(f"The key cannot be written: {error.strerror}.", "Check the disk.") from error


def _refuse_others(data: bytes, label: str) -> None:
    what = "This is no private key."
    if re.match(rb"(ssh-|ecdsa-|sk-)", data) or label.endswith("PUBLIC KEY"):
        raise Refused(
            "This is the public half of a key.", "Give the private half.", field="private"
        )
    if label.startswith("DSA"):
        raise Refused(
            "DSA keys are no longer accepted by servers.", "Make a new key.", field="private"
        )
    if not label.endswith("PRIVATE KEY"):
        raise Refused(
            what, "Choose a file that begins with -----BEGIN … PRIVATE KEY-----.", field="private"
        )


def _load(data: bytes, passphrase: str, loader: Callable[..., object]) -> Private:
    secret = passphrase.encode() or None
    try:
        # Whether RSA's primes are prime takes up to minutes to see; ssh, which signs, looks itself.
        key = loader(data, secret, unsafe_skip_rsa_key_validation=True)
        if isinstance(key, rsa.RSAPrivateKey) and not _consistent(key):
            raise damaged()
    except TypeError as error:
        if "not encrypted" in str(error):
            return _load(data, "", loader)  # a passphrase for a key that needs none
        raise NotTrusted(
            "The key has a passphrase.", "Enter it to use the key.", steps=("view.keys",)
        ) from error
    except UnsupportedAlgorithm as error:
        raise Refused(
            "Keys of this type are not supported.", "Use ed25519, RSA or ECDSA.", field="private"
        ) from error
    except ValueError as error:
        if secret:
            raise NotTrusted(
                "The passphrase is wrong.", "Try again.", steps=("view.keys",)
            ) from error
        raise Refused(
            "The key is damaged or cut off.", "Copy it again, whole.", field="private"
        ) from error
    if not isinstance(key, Private):
        raise Refused(
            "Keys of this type are not supported.", "Use ed25519, RSA or ECDSA.", field="private"
        )
    return key


def _consistent(key: rsa.RSAPrivateKey) -> bool:
    """Whether the numbers of an RSA key belong together (RFC 8017, section 3.2)."""
    told = key.private_numbers()
    e, n = told.public_numbers.e, told.public_numbers.n
    halves = ((told.p, told.dmp1), (told.q, told.dmq1))
    return (
        told.p * told.q == n
        and all(p > 2 and e * d % (p - 1) == 1 and told.d % (p - 1) == d for p, d in halves)
        and told.iqmp * told.q % told.p == 1
    )


def _pair(key: Private, passphrase: str, comment: str) -> KeyPair:
    cipher: KeySerializationEncryption = (
        BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, cipher).decode("ascii")
    line = key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")
    return _described(private, base64.b64decode(line.split()[1]), bool(passphrase), comment)


def _described(private: str, blob: bytes, encrypted: bool, comment: str) -> KeyPair:
    name = _named(blob)
    kind, bits = _kind(name, blob)
    comment = " ".join(comment.split())
    line = f"{name} {base64.b64encode(blob).decode()} {comment}".strip()
    return KeyPair(private, line, kind, bits, fingerprint(blob), encrypted, comment)


def _named(blob: bytes) -> str:
    return next(strings(blob)).decode("ascii", "replace")


def _kind(name: str, blob: bytes) -> tuple[KeyType, int]:
    if name == "ssh-ed25519":
        return KeyType.ED25519, 256
    if name in token.TYPES:
        return token.TYPES[name], 256
    if name == "ssh-rsa":
        modulus = next(islice(strings(blob), 2, None), b"")
        if not modulus:
            raise damaged()
        return KeyType.RSA, int.from_bytes(modulus, "big").bit_length()
    found = re.fullmatch(r"ecdsa-sha2-nistp(256|384|521)", name)
    if found:
        return KeyType.ECDSA, int(found[1])
    raise Refused(
        f"Keys of the type {name[:40]} are not supported.",
        "Use ed25519, RSA or ECDSA.",
        field="private",
    )


def kind_of(name: str, blob: bytes) -> tuple[str, int]:
    """(type as ssh-keygen writes it in capitals, bits) of any public key, for its picture."""
    try:
        kind, bits = _kind(name, blob)
    except Refused:
        return name.removeprefix("ssh-").split("@")[0].upper(), 256
    return kind.value.upper(), bits


def export(public: str, target: Path) -> None:
    """Write a public line to a file that is not there yet.

    Raises:
        Refused: there is such a file.
        Failed: it cannot be written.
    """
    try:
        _new_file(target, public.rstrip() + "\n", 0o644)
    except FileExistsError as error:
        raise Refused(f"The file {target} is there already.", "Choose another name.") from error
    except OSError as error:
        raise Failed(
            f"{target} cannot be written: {error.strerror}.", "Choose another folder."
        ) from error


def _is_encrypted(data: bytes) -> bool:
    return b"ENCRYPTED" in data


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8", "replace") if isinstance(text, str) else text


def _new_file(path: Path, text: str, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", newline="\n") as file:
        file.write(text)
