"""PuTTY's key files, made readable by PuTTY's own program."""

from __future__ import annotations

import os
import re
import threading
from contextlib import suppress
from pathlib import Path

from aiops_desktop.adapters import process
from aiops_desktop.adapters.scratch import scratch
from aiops_desktop.adapters.ssh.erasing import erase
from aiops_desktop.domain.trouble import Failed, Missing, NotTrusted, Refused

HEAD = b"PuTTY-User-Key-File"
_LIMIT = 20.0
#: KiB of memory and rounds that a passphrase may cost; PuTTYgen takes 8,192 KiB and some tens.
_MEMORY, _PASSES = 1 << 20, 10_000


def converted(data: bytes, passphrase: str) -> bytes:
    """The same key in OpenSSH's form, under the same passphrase.

    The passphrase goes through a pipe: it is in no argument and no file.

    Raises:
        Missing: puttygen is not installed.
        NotTrusted: the passphrase is wrong, or is needed.
        Refused: puttygen does not know this file.
    """
    env = process.environment({"LC_ALL": "C.UTF-8"})
    program = process.which("puttygen", env)
    if not program:
        raise Missing(
            "This is a PuTTY key, and puttygen is not installed, which could convert it.",
            "Install putty-tools, or export the key in PuTTYgen with Conversions, Export OpenSSH"
            " key.",
            field="private",
        )
    memory = re.search(rb"[\r\n]Argon2-Memory: *(\d{1,20})", data)
    passes = re.search(rb"[\r\n]Argon2-Passes: *(\d{1,20})", data)
    if int(memory[1] if memory else 0) > _MEMORY or int(passes[1] if passes else 0) > _PASSES:
        raise Refused(
            "This key takes too much memory or time to unlock.",
            "Save it anew in PuTTYgen with the usual parameters.",
            field="private",
        )
    locked = b"\nEncryption: none" not in data.replace(b"\r", b"")
    if locked and not passphrase:
        raise NotTrusted("The key has a passphrase.", "Enter it to read the PuTTY key.")
    with scratch() as folder:
        source, target = folder / "key.ppk", folder / "key"
        handle = os.open(source, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        secret = passphrase if locked else ""
        argv = [program, str(source), "-O", "private-openssh-new", "-o", str(target)]
        pipes = []
        for option in ("--old-passphrase", "--new-passphrase"):
            pipe = folder / option.strip("-")
            os.mkfifo(pipe, 0o600)
            argv += [option, str(pipe)]
            pipes.append(_Fed(pipe, secret))
        try:
            finished = process.run(argv, env=env, cwd=folder, timeout=_LIMIT)
            made = target.read_bytes() if finished.code == 0 and target.exists() else b""
        except Failed as error:
            raise Refused("PuTTY's program could not read this key.", "Export it anew.") from error
        finally:
            for fed in pipes:
                fed.end()
            erase(target)
            erase(source)
    if made:
        return made
    if locked and "passphrase" in finished.error_text.lower():
        raise NotTrusted("The passphrase is wrong.", "Try again.")
    raise Refused(
        "PuTTY's program could not read this key.", "Export it anew in PuTTYgen.", field="private"
    )


class _Fed:
    """Writes a line into a pipe whenever somebody reads it, until the end."""

    def __init__(self, pipe: Path, text: str) -> None:
        self._pipe = pipe
        self._line = text.encode() + b"\n"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._feed, name="puttygen", daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Nobody reads any more."""
        self._over.set()
        self._thread.join(2)

    def _feed(self) -> None:
        while not self._over.wait(0.01):
            try:
                handle = os.open(self._pipe, os.O_WRONLY | os.O_NONBLOCK)
            except OSError:  # nobody reads yet
                continue
            with suppress(OSError):
                os.write(handle, self._line)
            os.close(handle)
            return
