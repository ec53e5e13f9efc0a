"""SSH: key files, host keys, agents, and who answers at the other end."""

from aiops_desktop.adapters.ssh.agent import Agent, own, place
from aiops_desktop.adapters.ssh.care import (
    folder_open,
    listed,
    plain_text,
    protect,
    repair,
    rewrite,
    state,
    with_passphrase,
)
from aiops_desktop.adapters.ssh.check import Checked, check
from aiops_desktop.adapters.ssh.erasing import erase, erase_strays
from aiops_desktop.adapters.ssh.hostlines import made as host_line
from aiops_desktop.adapters.ssh.hostlines import matches
from aiops_desktop.adapters.ssh.hosts import KnownHosts, Standing
from aiops_desktop.adapters.ssh.keys import (
    KeyPair,
    export,
    generate,
    kind_of,
    opened,
    opens,
    put_certificate,
    read,
    read_file,
    text_of,
    write,
)
from aiops_desktop.adapters.ssh.ownconfig import aliased, met, own_config
from aiops_desktop.adapters.ssh.probe import Shown, probe
from aiops_desktop.domain.fingerprints import sha256 as fingerprint

__all__ = [
    "Agent",
    "Checked",
    "KeyPair",
    "KnownHosts",
    "Shown",
    "Standing",
    "aliased",
    "check",
    "erase",
    "erase_strays",
    "export",
    "fingerprint",
    "folder_open",
    "generate",
    "host_line",
    "kind_of",
    "listed",
    "matches",
    "met",
    "opened",
    "opens",
    "own",
    "own_config",
    "place",
    "plain_text",
    "probe",
    "protect",
    "put_certificate",
    "read",
    "read_file",
    "repair",
    "rewrite",
    "state",
    "text_of",
    "with_passphrase",
    "write",
]
