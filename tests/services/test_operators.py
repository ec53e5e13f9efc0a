"""Operators: who is at the desk, and the admin."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiops_desktop.adapters import people
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.operators import Role
from aiops_desktop.domain.trouble import Refused
from aiops_desktop.services.operators import Operators
from aiops_desktop.storage.open import open_database
from aiops_desktop.storage.operators import OperatorStore


def _operators(
    layout: Layout,
    account: tuple[str, str] = ("ann", "Ann Lee"),
    git: tuple[str, str] = ("", ""),
    setting: str = "",
) -> Operators:
    return Operators(
        OperatorStore(open_database(layout)),
        account=lambda: account,
        git_identity=lambda: git,
        admin_email=lambda: setting,
    )


@pytest.mark.parametrize(
    ("git", "setting", "name", "email"),
    [
        (("", ""), "", "Ann Lee", ""),
        (("Ann G.", "Ann@Git.Example"), "", "Ann G.", "ann@git.example"),
        (("Ann G.", "ann@git.example"), "Boss@Acme.Example", "Ann G.", "boss@acme.example"),
        (("Ann G.", "not an e-mail"), "", "Ann G.", ""),
    ],
)
def test_the_first_one_ever_becomes_the_admin(
    layout: Layout, git: tuple[str, str], setting: str, name: str, email: str
) -> None:
    desk = _operators(layout, git=git, setting=setting).at_desk()
    assert (desk.name, desk.email, desk.role) == (name, email, Role.ADMIN)
    assert _operators(layout).at_desk() == desk, "and stays the same one"


def test_another_account_is_another_operator(layout: Layout) -> None:
    git = ("Ann", "ann@acme.example")
    first = _operators(layout, git=git).at_desk()
    second = _operators(layout, account=("bob", ""), git=git).at_desk()
    assert (second.name, second.email, second.role) == ("Ann", "", Role.OPERATOR)
    assert first.id != second.id


def test_the_admins_email_has_no_case(layout: Layout) -> None:
    operators = _operators(layout)
    made = operators.create_admin("Ann.LEE@Acme.Example", "Ann").operator
    assert made.email == "ann.lee@acme.example"
    found = operators.find("ANN.lee@ACME.example")
    assert found == made
    with pytest.raises(Refused) as caught:
        operators.create_admin("ann.lee@acme.EXAMPLE")
    assert caught.value.field == "email"


def test_the_person_at_the_desk_is_named_and_others_are_added(layout: Layout) -> None:
    operators = _operators(layout)
    assert operators.at_desk().email == ""
    operators.create_admin("ann@acme.example")
    assert operators.at_desk().email == "ann@acme.example"
    operators.create_admin("boss@acme.example", "Boss")
    assert [(one.name, one.role) for one in operators.all()] == [
        ("Ann Lee", Role.ADMIN),
        ("Boss", Role.ADMIN),
    ]


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "a b@c", "<a@b>", "a@b\nc"])
def test_what_is_no_email_is_refused(layout: Layout, email: str) -> None:
    operators = _operators(layout)
    with pytest.raises(Refused) as caught:
        operators.create_admin(email)
    assert caught.value.field == "email"
    assert operators.all() == []


def test_gits_own_identity_is_read(private_home: Path) -> None:
    assert people.git_identity() == ("", "")
    with (private_home / ".gitconfig").open("a") as file:
        file.write("[user]\n\tname = Ann Lee\n\temail = ann@acme.example\n")
    assert people.git_identity() == ("Ann Lee", "ann@acme.example")
    assert people.account()[0]
