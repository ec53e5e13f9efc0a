"""Files of keys that lie on a security key (FIDO2), which only OpenSSH's own programs can open."""

from __future__ import annotations

import os

from aiops_desktop.adapters import process
from aiops_desktop.adapters.askpass import Askpass
from aiops_desktop.adapters.ssh.keytext import damaged
from aiops_desktop.domain.keys import KeyType
from aiops_desktop.domain.trouble import NotTrusted
from aiops_desktop.jobs.job import Job

#: As public keys name them (PROTOCOL.u2f of OpenSSH).
TYPES = {
    "sk-ssh-ed25519@openssh.com": KeyType.ED25519_SK,
    "sk-ecdsa-sha2-nistp256@openssh.com": KeyType.ECDSA_SK,
}
_LIMIT = 20.0


def check(data: bytes, passphrase: str) -> None:
    """See that a file is whole and its passphrase, "" for none, right; needs no security key.

    Raises:
        Missing: ssh-keygen is not installed.
        NotTrusted: the passphrase is wrong.
        Refused: the file is damaged.
        Failed: ssh-keygen does not end.
    """
    job = Job("Read the file of a security key")
    with Askpass(lambda _question: passphrase, job.stop) as askpass:
        file = askpass.folder / "key"
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as opened:
            opened.write(data)
        env = process.environment(
            {
                "LC_ALL": "C.UTF-8",
                "SSH_ASKPASS": str(askpass.program),
                "SSH_ASKPASS_REQUIRE": "force",
            }
        )
        argv = ["ssh-keygen", "-y", "-f", str(file)]
        finished = process.run(argv, env=env, cwd=askpass.folder, job=job, timeout=_LIMIT)
    if finished.code and passphrase:
        raise NotTrusted("The passphrase is wrong.", "Try again.", steps=("view.keys",))
    if finished.code:
        raise damaged()
