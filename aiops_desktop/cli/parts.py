"""Small pieces every noun's command line is made of."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from argparse import _SubParsersAction

    from aiops_desktop.cli.shell import Shell

    Nouns: TypeAlias = "_SubParsersAction[ArgumentParser]"
    Verb: TypeAlias = Callable[[Shell, Namespace], None]


_WORDS = {
    "tenant": "name or slug of a tenant",
    "project": "tenant/project; the tenant may be left out when it is clear",
    "address": "of the repository: git@host:…, ssh://…, https://… or a folder",
    "run": "its number, as “run list” shows it",
    "prompt": "what is to be done; “-” reads it from standard input",
    "deployment": "its number, as “deploy list” shows it",
    "template": "its name, as “deploy templates” shows it",
    "issue": "its number, as “issue list” shows it",
    "file": "the private key's file",
    "session": "its name, as “session list” shows it",
    "path": "as “run show” and the review name it",
    "setting": "its name, as “setting list” shows it",
    "where": "tenant/project, or a host (then with --tenant)",
    "host": "its name or address, as “host list” shows it",
    "to": "name or slug of the other tenant",
    "operator": "e-mail or name",
    "event": "its number, as “history list” shows it",
    "target": "a file that is not there yet",
}


def noun(nouns: Nouns, name: str, about: str) -> Nouns:
    """A noun with verbs of its own."""
    made = nouns.add_parser(name, help=about, description=about)
    return made.add_subparsers(metavar="VERB", required=True)


def verb(verbs: Nouns, name: str, does: Verb, about: str, *words: str) -> ArgumentParser:
    """A verb; `words` are its positional arguments."""
    made = verbs.add_parser(name, help=about, description=about)
    for word in words:
        made.add_argument(word, help=_WORDS.get(word))
    made.add_argument("--json", action="store_true", help="print the result as JSON")
    made.set_defaults(verb=does)
    return made


def yes(made: ArgumentParser) -> ArgumentParser:
    """--yes for verbs that ask."""
    made.add_argument("--yes", action="store_true", help="do not ask")
    return made


def trust(made: ArgumentParser) -> ArgumentParser:
    """--trust for verbs that meet SSH hosts."""
    made.add_argument(
        "--trust",
        default="",
        metavar="SHA256:…",
        help="the fingerprint of a host key to trust when the host is not known yet",
    )
    return made


def changed(options: Namespace, **fields: str) -> dict[str, Any]:
    """Draft fields whose option was given: field="option"."""
    return {
        field: getattr(options, option)
        for field, option in fields.items()
        if getattr(options, option) is not None
    }
