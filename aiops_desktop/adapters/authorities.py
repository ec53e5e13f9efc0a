"""Certificates of authorities that only one server's users trust: copied, so that they stay."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path

from aiops_desktop.domain.trouble import Failed, Missing, Refused

#: Bytes of a file that may hold certificates; a whole system's bundle has a third of it.
_LIMIT = 1 << 20


def keep(path: Path, folder: Path) -> Path:
    """A copy of a PEM file in a folder (0700), named by its content; the same file twice is one.

    Raises:
        Missing: the file is not there.
        Refused: it holds no certificates.
        Failed: it cannot be read or copied.
    """
    if path.parent == folder and path.is_file():
        return path
    try:
        if path.stat().st_size > _LIMIT:
            raise _no_certificates(path)
        data = path.read_bytes()
        _check(data, path)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = folder / f"{hashlib.sha256(data).hexdigest()[:16]}.pem"
        kept.write_bytes(data)
    except FileNotFoundError as error:
        raise Missing(
            f"The file {path} is not there.", "Choose the file again.", field="ca_file"
        ) from error
    except OSError as error:
        raise Failed(
            f"The file {path.name} could not be taken over: {error.strerror}.",
            "Check its permissions.",
        ) from error
    return kept


def _check(data: bytes, path: Path) -> None:
    try:
        ssl.create_default_context(cadata=data.decode("ascii"))
    except (ssl.SSLError, ValueError) as error:
        raise _no_certificates(path) from error


def _no_certificates(path: Path) -> Refused:
    return Refused(
        f"{path.name} holds no certificate that can be read.",
        "Choose a PEM file: it begins with -----BEGIN CERTIFICATE-----.",
        field="ca_file",
    )
