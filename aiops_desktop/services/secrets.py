"""Secrets: kept encrypted, bound to their owner, handed out only to the verb that needs them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from aiops_desktop.domain.scrubber import Scrubber
from aiops_desktop.domain.secrets import KeyLost, Locked, in_words
from aiops_desktop.domain.trouble import Clash, NotTrusted

if TYPE_CHECKING:
    from aiops_desktop.adapters.secrets import DataKey, Vault
    from aiops_desktop.domain.secrets import Keeper
    from aiops_desktop.storage.secrets import SecretStore

#: How often a write is tried while other programs change the data key.
TURNS = 3
#: Wrong passphrases after which the store stays locked.
TRIES = 3
LOST = "Restore the data key from a backup, or start over and enter again: {what}."


class Secrets:
    """The secrets of a data folder, one by one; `Safe` has the verbs for all of them.

    An owner is text such as "tenant:3/https/git.acme.example" or "settings/semaphore.api_token";
    a ciphertext moved to another owner cannot be read.

    Attributes:
        scrubber: knows every secret that was read or entered; takes them out of text.
        ask: how to ask for the store's passphrase here (its argument says what was wrong before);
            None: nobody can be asked, so that a locked store ends in `Locked`. Set by the door.
        offer: how to ask for a new passphrase when no keyring answers and the first data key is
            made; None or "" as its answer: a key file. It raises `Locked` when the person wants
            nothing to be kept. Set by the door.
    """

    def __init__(
        self,
        store: SecretStore,
        vault: Vault,
        scrubber: Scrubber | None = None,
        words: Callable[[str], str] = in_words,
    ) -> None:
        self._store = store
        self._vault = vault
        self._words = words
        self._asking = threading.Lock()
        self._when_locked: list[Callable[[], object]] = []
        self.scrubber = scrubber or Scrubber()
        self.ask: Callable[[str], str] | None = None
        self.offer: Callable[[], str] | None = None

    def put(self, owner: str, value: str) -> None:
        """Remember; "" forgets.

        A value of two lines is a user name and, below it, the secret.

        Raises:
            NotTrusted: the store is locked, or its data key is missing or wrong.
            Clash: other programs keep changing the data key.
        """
        if not value:
            self._store.remove(owner)
            return
        self.learn(value)
        for _ in range(TURNS):
            key = self._key()
            with self._store.transaction():
                if key.keeper.same_key(self._store.keeper()):
                    self._store.put(key.seal(owner, value))
                    return
        raise Clash("Another program is changing the secret store.", "Try again in a moment.")

    def get(self, owner: str) -> str:
        """The secret, "" when there is none.

        Raises:
            NotTrusted: the store is locked, or its data key is missing or wrong; says what to do.
        """
        sealed, keeper = self._store.get(owner)
        if sealed is None:
            return ""
        if keeper is None:
            raise self._gone()
        value = self.key(keeper).open(sealed)
        self.learn(value)
        return value

    def has(self, owner: str) -> bool:
        """Whether there is one, without reading it."""
        return self._store.has(owner)

    def owners(self, prefix: str = "") -> frozenset[str]:
        """Whose secrets there are, without reading any."""
        return frozenset(self._store.owners(prefix))

    def forget(self, prefix: str) -> None:
        """Forget every secret whose owner begins so (a deleted tenant's)."""
        self._store.remove_all(prefix)

    def keeper(self) -> str:
        """Where the data key lies, as a sentence for Settings.

        Raises:
            NotTrusted: the record of it is damaged.
        """
        keeper = self._store.keeper()
        if keeper is None:
            return "No secret is kept yet; the first one decides where the data key lies."
        return keeper.place.in_words(self._vault.file.path)

    def words(self) -> tuple[str, ...]:
        """What the kept secrets are for, for a person."""
        return tuple(self._words(owner) for owner in self._store.owners())

    def learn(self, value: str) -> None:
        """Let the scrubber know a secret that came from elsewhere (the environment, a prompt)."""
        self.scrubber.learn(value)

    def scrub(self, text: str) -> str:
        """The text with every secret read or written since the start replaced by dots."""
        return self.scrubber.scrub(text)

    def on_lock(self, forget: Callable[[], object]) -> None:
        """Have `forget` called when the store is locked in this program: all that is in memory."""
        self._when_locked.append(forget)

    def drop(self) -> None:
        """Forget the data key in memory, and whatever `on_lock` was told of."""
        self._vault.drop()
        for forget in self._when_locked:
            forget()

    def key(self, keeper: Keeper) -> DataKey:
        """The data key; asks for its passphrase where a person can be asked.

        Raises:
            Locked: nobody could unlock it.
            KeyLost: it is gone; the hint names what to enter again.
            NotTrusted: the keyring does not answer.
        """
        try:
            return self._vault.held(keeper)
        except Locked as locked:
            if self.ask is None or keeper.locked:
                raise
            return self._asked(keeper, self.ask, locked)
        except KeyLost as lost:
            raise self.lost(lost) from lost

    # How it does it --------------------------------------------------------------------------

    def _key(self) -> DataKey:
        """The data key; the first one is made here."""
        keeper = self._store.keeper()
        if keeper is not None:
            return self.key(keeper)
        with self._asking:  # two first secrets at a time ask once
            fresh = self._first()
        found = self._store.keeper() if fresh is None else fresh.keeper
        if found is None:
            raise Clash("Another program is changing the secret store.", "Try again in a moment.")
        return fresh or self.key(found)

    def _first(self) -> DataKey | None:
        """A new data key; None when somebody else was quicker, whose key counts."""
        if self._store.keeper() is not None:
            return None
        fresh = self._vault.make(offer=self._offered)
        with self._store.transaction():
            keeper = self._store.keeper()
            if keeper is None:
                if self._store.owners():
                    raise self._gone()
                self._vault.lay_down(fresh)
                self._store.set_keeper(fresh.keeper)
        if keeper is not None:
            self._vault.destroy_kept((fresh.keeper.name,))
            return None
        self._vault.hold(fresh)
        return fresh

    def _gone(self) -> KeyLost:
        return self.lost(KeyLost("There is no record of the data key any more."))

    def _offered(self) -> str:
        told = self.offer() if self.offer else ""
        self.learn(told)
        return told

    def _asked(self, keeper: Keeper, ask: Callable[[str], str], locked: Locked) -> DataKey:
        with self._asking:  # one question, however many threads wait for the answer
            wrong = ""
            for _ in range(TRIES):
                try:
                    return self._vault.held(keeper)
                except Locked:
                    told = ask(wrong)
                self.learn(told)
                try:
                    return self._vault.unlock(keeper, told)
                except KeyLost as lost:
                    raise self.lost(lost) from lost
                except NotTrusted as trouble:
                    wrong = trouble.what
            raise Locked(f"The passphrase was wrong {TRIES} times.", locked.hint)

    def lost(self, lost: KeyLost) -> KeyLost:
        """The same with a hint that names what must be entered again."""
        return KeyLost(lost.what, LOST.format(what=", ".join(self.words()) or "nothing"))
