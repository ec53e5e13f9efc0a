"""The data key under a passphrase: Argon2id (RFC 9106) makes the key it is sealed with."""

from __future__ import annotations

import base64
import json
import os
import unicodedata

from aiops_desktop.adapters.secrets.key import cipher
from aiops_desktop.domain.secrets import SHORTEST, KeyLost
from aiops_desktop.domain.trouble import Missing, NotTrusted, Refused

#: KiB of memory, passes and lanes: 0.4 s on two cores, RFC 9106's second choice.
MEMORY, PASSES, LANES = 64 * 1024, 3, 4
#: What a record may ask of this computer: a damaged one must not take all memory.
_MEMORY_MOST, _PASSES_MOST, _LANES_MOST = 1024 * 1024, 20, 16


def wrap(passphrase: str, profile: str, key: bytes) -> str:
    """The data key under a passphrase, with all that is needed to open it but the passphrase.

    Raises:
        Refused: the passphrase is too short.
        Missing: this build of `cryptography` has no Argon2id.
    """
    if len(passphrase) < SHORTEST:
        raise Refused(
            f"The passphrase is too short: it needs {SHORTEST} characters.",
            "Several words are good, and easy to remember.",
            field="passphrase",
        )
    salt, nonce = os.urandom(16), os.urandom(12)
    made = derive(passphrase, salt, MEMORY, PASSES, LANES)
    return json.dumps(
        {
            "kdf": "argon2id",
            "memory": MEMORY,
            "passes": PASSES,
            "lanes": LANES,
            "salt": _text(salt),
            "nonce": _text(nonce),
            "key": _text(cipher(made).encrypt(nonce, key, profile.encode())),
        }
    )


def unwrap(passphrase: str, profile: str, wrapped: str) -> bytes:
    """The data key.

    Raises:
        NotTrusted: the passphrase is not the right one.
        KeyLost: the record is damaged.
        Missing: this build of `cryptography` has no Argon2id.
    """
    from cryptography.exceptions import InvalidTag

    try:
        told = json.loads(wrapped)
        salt, nonce, sealed = (base64.b64decode(told[name]) for name in ("salt", "nonce", "key"))
        memory, passes, lanes = (int(told[name]) for name in ("memory", "passes", "lanes"))
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged() from error
    try:
        made = derive(passphrase, salt, *bounded(memory, passes, lanes))
        return cipher(made).decrypt(nonce, sealed, profile.encode())
    except ValueError as error:  # parameters no version of Argon2id takes
        raise _damaged() from error
    except InvalidTag as error:
        raise NotTrusted(
            "This is not the passphrase of the secret store.",
            "Try again. Without it the secrets cannot be read, and must be entered again.",
        ) from error


def bounded(memory: int, passes: int, lanes: int) -> tuple[int, int, int]:
    """What a file asks of this computer, when that is within reason.

    Raises:
        ValueError: it would take too much.
    """
    bounds = ((memory, _MEMORY_MOST), (passes, _PASSES_MOST), (lanes, _LANES_MOST))
    if not all(0 < amount <= most for amount, most in bounds):
        raise ValueError("out of bounds")
    return memory, passes, lanes


def derive(passphrase: str, salt: bytes, memory: int, passes: int, lanes: int) -> bytes:
    """The key that a passphrase makes with this salt; `memory` is in KiB.

    Raises:
        Missing: this build of `cryptography` has no Argon2id.
        ValueError: no version of Argon2id takes these parameters.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    # The same letters come in several encodings, and keyboards differ.
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    try:
        kdf = Argon2id(salt=salt, length=32, iterations=passes, lanes=lanes, memory_cost=memory)
    except UnsupportedAlgorithm as error:
        raise Missing(
            "A passphrase cannot protect the secrets here: Argon2id is missing.",
            "It needs the package “cryptography” with OpenSSL 3.2 or newer, as its wheels have it.",
        ) from error
    return kdf.derive(typed)


def _damaged() -> KeyLost:
    return KeyLost("The record of the data key is damaged, so its passphrase opens nothing.")


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
