"""Settings: read in layers, written one by one."""

from __future__ import annotations

from collections.abc import Mapping

from aiops_desktop.domain.changes import Done
from aiops_desktop.domain.settings import Effective, Settings


class SettingsService:
    """Reads and writes the settings of this data folder."""

    def current(self) -> Settings:
        """The settings in force; cheap, never blocks on I/O after the first call. No secrets in it."""
        raise NotImplementedError

    def effective(self) -> Effective:
        """The same, with origins and problems."""
        raise NotImplementedError

    def save(self, values: Mapping[str, object]) -> Done:
        """Write values by path ("semaphore.base_url"); a default is removed from the file.

        Secrets go to the secret store. Unknown keys in the file are kept.

        Raises:
            Refused: a value is not valid; `field` is its path. Nothing is written then.
        """
        raise NotImplementedError

    def secret(self, path: str) -> str:
        """A secret setting: environment and .env before the secret store; "" when there is none."""
        raise NotImplementedError
