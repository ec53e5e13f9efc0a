"""`aiops-desktop secret …`: where the key of all secrets lies, locked or open."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from aiops_desktop.cli.parts import noun, verb, yes
from aiops_desktop.cli.shell import new_passphrase
from aiops_desktop.domain.secrets import Place, StoreState

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from aiops_desktop.cli.parts import Nouns
    from aiops_desktop.cli.shell import Shell
    from aiops_desktop.domain.secrets import SecretsStatus

_STATES = {
    StoreState.EMPTY: "Nothing is kept yet.",
    StoreState.OPEN: "Open.",
    StoreState.LOCKED: "Locked.",
    StoreState.SILENT: "The keyring does not answer.",
    StoreState.LOST: "The data key is lost.",
}


def add(nouns: Nouns) -> None:
    """Add it to the command line."""
    verbs = noun(nouns, "secret", "the secret store: its key's place, lock and unlock")
    verb(verbs, "status", _status, "where the data key lies, and what is kept")
    verb(verbs, "lock", _lock, "close the store for every program on this data folder")
    verb(verbs, "unlock", _unlock, "open the store; a passphrase is asked for")
    verb(verbs, "rekey", _rekey, "make a new data key and seal every secret with it")
    change = _place(verb(verbs, "change", _change, "have the data key lie elsewhere"))
    change.epilog = "With “passphrase” the new one is asked for, or read from standard input."
    over = verb(verbs, "start-over", _start_over, "forget every secret, after the key was lost")
    yes(over)


def _place(made: ArgumentParser) -> ArgumentParser:
    made.add_argument("place", choices=[place.value for place in Place])
    return made


def _status(shell: Shell, _options: Namespace) -> None:
    found = shell.house.safe.status()
    shell.show(found, _told(found))


def _lock(shell: Shell, _options: Namespace) -> None:
    done = shell.house.safe.lock()
    shell.show(done, done.summary)


def _unlock(shell: Shell, _options: Namespace) -> None:
    safe = shell.house.safe
    under_passphrase = safe.status().place is Place.PASSPHRASE
    done = safe.unlock(shell.secret("Passphrase:") if under_passphrase else "")
    shell.show(done, done.summary)


def _rekey(shell: Shell, _options: Namespace) -> None:
    _renew(shell, None)


def _change(shell: Shell, options: Namespace) -> None:
    _renew(shell, Place(options.place))


def _renew(shell: Shell, place: Place | None) -> None:
    """Unlock what lies under a passphrase, then ask for the new one where one is needed."""
    safe = shell.house.safe
    found = safe.status()
    if found.state is StoreState.LOCKED and found.place is Place.PASSPHRASE:
        safe.unlock(shell.secret("Present passphrase:"))
    passphrase = ""
    if (place or found.place) is Place.PASSPHRASE:
        prompt = "New passphrase:"
        passphrase = new_passphrase(prompt) if shell.asks else shell.secret(prompt)
    done = safe.rekey(place, passphrase)
    shell.show(done, f"{done.summary}\n{done.status.sentence}")


def _start_over(shell: Shell, _options: Namespace) -> None:
    safe = shell.house.safe
    for words in safe.status().kept:
        shell.note(f"  {words}")
    shell.confirm("Forget every secret?")
    done = safe.start_over()
    shell.show(done, done.summary)


def _told(found: SecretsStatus) -> str:
    lines = [_STATES[found.state], found.sentence, found.warning]
    if found.kept:
        lines += [f"{len(found.kept)} kept:", *(f"  {words}" for words in found.kept)]
    if found.place is not Place.KEYRING and found.can_keyring:
        lines.append("A keyring answers here: “secret change keyring” moves the key there.")
    return "\n".join(line for line in lines if line)
