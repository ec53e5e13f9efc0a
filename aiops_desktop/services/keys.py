"""Keys: made here or brought in, one tenant's never offered for another."""

from __future__ import annotations

from pathlib import Path

from aiops_desktop.domain.changes import Done
from aiops_desktop.domain.keys import Key, KeyChoice, KeySaved, KeyType, KnownHost
from aiops_desktop.domain.projects import Project


class Keys:
    """SSH keys and known hosts of tenants."""

    def all(self, tenant_id: int) -> list[Key]:
        """A tenant's keys, oldest first: the order git tries them in."""
        raise NotImplementedError

    def get(self, key_id: int) -> Key:
        """One key.

        Raises:
            Missing: it is not there.
        """
        raise NotImplementedError

    def generate(
        self,
        tenant_id: int,
        name: str,
        kind: KeyType = KeyType.ED25519,
        *,
        bits: int = 0,
        passphrase: str = "",
        remember: bool = False,
    ) -> KeySaved:
        """Make a key pair, 0600 in the tenant's keys folder.

        Raises:
            Refused: name taken or bad.
        """
        raise NotImplementedError

    def add(
        self,
        tenant_id: int,
        name: str,
        private: str | Path,
        *,
        passphrase: str = "",
        remember: bool = False,
    ) -> KeySaved:
        """Bring in a private key, as text or from a file (OpenSSH, PEM, PKCS#8). CRLF is repaired.

        Raises:
            Refused: not a private key, wrong passphrase, unreadable file, name or key already there.
        """
        raise NotImplementedError

    def rename(self, key_id: int, name: str) -> KeySaved:
        """Give another name."""
        raise NotImplementedError

    def delete(self, key_id: int) -> Done:
        """Remove the key; its file moves to the trash of the data folder."""
        raise NotImplementedError

    def used_by(self, key_id: int) -> tuple[str, ...]:
        """Names of the projects whose own key it is, for the dialog that asks."""
        raise NotImplementedError

    def choice(self, project: Project) -> KeyChoice:
        """Which keys this project would offer, in order, and why."""
        raise NotImplementedError

    def hosts(self, tenant_id: int) -> list[KnownHost]:
        """The hosts this tenant trusts."""
        raise NotImplementedError

    def distrust(self, tenant_id: int, host: str) -> Done:
        """Remove a host's keys from the tenant's known_hosts."""
        raise NotImplementedError
