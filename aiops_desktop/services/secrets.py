"""Secrets: kept encrypted, bound to their owner, handed out only to the verb that needs them."""

from __future__ import annotations


class Secrets:
    """The secret store and the scrubber.

    An owner is text such as "tenant:3/https/git.acme.example" or "settings/semaphore.api_token";
    a ciphertext moved to another owner cannot be read.
    """

    def put(self, owner: str, value: str) -> None:
        """Remember; "" forgets."""
        raise NotImplementedError

    def get(self, owner: str) -> str:
        """The secret, "" when there is none.

        Raises:
            NotTrusted: the data key is missing or wrong; says what to enter again.
        """
        raise NotImplementedError

    def has(self, owner: str) -> bool:
        """Whether there is one, without reading it."""
        raise NotImplementedError

    def forget(self, prefix: str) -> None:
        """Forget every secret whose owner begins so (a deleted tenant's)."""
        raise NotImplementedError

    def keeper(self) -> str:
        """Where the data key lies, as a sentence for Settings."""
        raise NotImplementedError

    def scrub(self, text: str) -> str:
        """The text with every secret read or written since the start replaced by dots."""
        raise NotImplementedError
