"""SSH: key files, host keys, and who answers at the other end."""

from aiops_desktop.adapters.ssh.hosts import KnownHosts, Standing
from aiops_desktop.adapters.ssh.keys import (
    KeyPair,
    fingerprint,
    generate,
    opens,
    protect,
    read,
    read_file,
    write,
)
from aiops_desktop.adapters.ssh.probe import Shown, probe

__all__ = [
    "KeyPair",
    "KnownHosts",
    "Shown",
    "Standing",
    "fingerprint",
    "generate",
    "opens",
    "probe",
    "protect",
    "read",
    "read_file",
    "write",
]
