"""Operators: who is at the desk, and the admin."""

from __future__ import annotations

from pathlib import Path

import pytest

from aiops_desktop.adapters import people
from aiops_desktop.domain.events import EventFilter, Outcome
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.operators import Role
from aiops_desktop.domain.trouble import Failed, Missing, NotTrusted, Refused
from aiops_desktop.services.lock import PAUSE, TRIES, Lock
from aiops_desktop.services.operators import Around, Operators
from aiops_desktop.storage.operators import OperatorStore
from tests.support.ground import ground


def _operators(
    layout: Layout,
    account: tuple[str, str] = ("ann", "Ann Lee"),
    git: tuple[str, str] = ("", ""),
    setting: str = "",
    lock: Lock | None = None,
    runs: dict[str, int] | None = None,
) -> Operators:
    base = ground(layout)
    left = {} if runs is None else runs

    def hand_over(name: str, heir: str) -> int:
        moved = left.pop(name, 0)
        left[heir] = left.get(heir, 0) + moved
        return moved

    around = Around(
        account=lambda: account,
        git_identity=lambda: git,
        admin_email=lambda: setting,
        runs=lambda name: left.get(name, 0),
        hand_over=hand_over,
    )
    return Operators(OperatorStore(base.database), base.history, around, lock)


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
    assert (second.name, second.email, second.role) == ("Ann (bob)", "", Role.VIEWER)
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


# Further operators ---------------------------------------------------------------------------


def _desk(layout: Layout) -> Operators:
    made = _operators(layout, git=("Ann", "ann@acme.example"))
    made.at_desk()
    return made


def test_somebody_is_added_changed_and_deleted(layout: Layout) -> None:
    operators = _desk(layout)
    bob = operators.add(" Bob ", "Bob@Acme.example", Role.VIEWER, "correct horse").operator
    assert (bob.name, bob.email, bob.role, bob.locks) == (
        "Bob", "bob@acme.example", Role.VIEWER, True,
    )  # fmt: skip
    assert operators.set_role(bob.id, Role.ADMIN).operator.role is Role.ADMIN
    assert operators.set_role(bob.id, Role.OPERATOR).operator.role is Role.OPERATOR
    assert operators.edit(bob.id, "Robert", "r@acme.example").operator.name == "Robert"
    assert operators.delete(bob.id).summary == "“Robert” was deleted."
    assert [one.name for one in operators.all()] == ["Ann"]
    verbs = [event.verb for event in ground(layout).history.all()]
    assert verbs == [
        "delete operator", "edit operator", "demote operator", "promote operator", "add operator",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "email", "passphrase", "account", "field"),
    [
        ("", "b@x.example", "correct horse", "", "name"),
        ("Bob", "nobody", "correct horse", "", "email"),
        ("Bob", "ANN@acme.example", "correct horse", "", "email"),
        ("ann", "b@x.example", "correct horse", "", "name"),
        ("Bob", "b@x.example", "short", "", "passphrase"),
        ("Bob", "b@x.example", "", "", "passphrase"),
        ("Bob", "b@x.example", "", "ann", "account"),
    ],
)
def test_who_cannot_be_added_is_told_why(
    layout: Layout, name: str, email: str, passphrase: str, account: str, field: str
) -> None:
    operators = _desk(layout)
    with pytest.raises(Refused) as caught:
        operators.add(name, email, Role.OPERATOR, passphrase, account)
    assert caught.value.field == field
    assert len(operators.all()) == 1


def test_an_account_that_was_named_comes_in_as_that_operator(layout: Layout) -> None:
    made = _desk(layout).add("Bob", "b@x.example", Role.OPERATOR, account="bob").operator
    assert _operators(layout, account=("bob", "Robert")).at_desk() == made


@pytest.mark.parametrize("act", ["demote", "delete"])
def test_the_last_admin_stays(layout: Layout, act: str) -> None:
    operators = _desk(layout)
    ann = operators.at_desk()
    bob = operators.add("Bob", "b@x.example", Role.ADMIN, "correct horse").operator
    operators.unlock("correct horse", "b@x.example")
    if act == "demote":
        operators.set_role(ann.id, Role.VIEWER)
        with pytest.raises(Refused, match="last admin"):
            operators.set_role(bob.id, Role.OPERATOR)
    else:
        operators.delete(ann.id)
        assert operators.entries()[0].last_admin
        store = OperatorStore(ground(layout).database)
        with pytest.raises(Refused, match="last admin"):
            store.remove(bob.id)
    assert [one.role for one in operators.all()].count(Role.ADMIN) == 1


def test_nobody_deletes_who_is_at_the_desk(layout: Layout) -> None:
    operators = _desk(layout)
    operators.add("Bob", "b@x.example", Role.ADMIN, "correct horse")
    with pytest.raises(Refused, match="yourself"):
        operators.delete(operators.at_desk().id)


def test_runs_go_over_to_an_heir(layout: Layout) -> None:
    runs = {"Bob": 2}
    operators = _operators(layout, git=("Ann", ""), runs=runs)
    ann = operators.at_desk()
    bob = operators.add("Bob", "b@x.example", Role.OPERATOR, "correct horse").operator
    assert [entry.runs for entry in operators.entries()] == [0, 2]
    with pytest.raises(Refused) as caught:
        operators.delete(bob.id)
    assert caught.value.field == "heir"
    with pytest.raises(Missing):
        operators.delete(bob.id, 99)
    assert operators.delete(bob.id, ann.id).summary.endswith("Ann takes over.")
    assert runs == {"Ann": 2}


def test_who_was_deleted_meanwhile_may_only_look(layout: Layout) -> None:
    _desk(layout)
    bob = _operators(layout, account=("bob", "Bob"))
    other = _operators(layout)
    other.set_role(bob.at_desk().id, Role.ADMIN)
    acting = bob.acting()
    assert acting is not None
    assert acting.role is Role.ADMIN
    other.delete(acting.id)
    acting = bob.acting()
    assert acting is not None
    assert acting.role is Role.VIEWER


def test_a_demotion_by_another_program_counts_at_once(layout: Layout) -> None:
    bob = _desk(layout).add("Bob", "b@x.example", Role.ADMIN, account="bob").operator
    his = _operators(layout, account=("bob", ""))
    assert his.at_desk().role is Role.ADMIN
    _operators(layout).set_role(bob.id, Role.VIEWER)
    acting = his.acting()
    assert acting is not None
    assert acting.role is Role.VIEWER


# The lock ------------------------------------------------------------------------------------


def test_the_window_is_locked_and_unlocked(layout: Layout) -> None:
    operators = _desk(layout)
    with pytest.raises(Refused, match="no passphrase"):
        operators.lock()
    assert operators.set_passphrase("correct horse").operator.locks
    operators.lock()
    with pytest.raises(NotTrusted):
        operators.unlock("wrong horse")
    assert operators.unlock("correct horse").operator.name == "Ann"
    events = ground(layout).history.all()
    assert [(event.verb, event.outcome) for event in events] == [
        ("unlock window", Outcome.DONE),
        ("unlock window", Outcome.REFUSED),
        ("lock window", Outcome.DONE),
        ("change passphrase", Outcome.DONE),
        ("lock window", Outcome.REFUSED),
    ]
    assert "horse" not in ground(layout).history.export(EventFilter(), "json")


def test_the_passphrase_lies_nowhere_as_it_is(layout: Layout) -> None:
    _desk(layout).set_passphrase("correct horse")
    for file in layout.data.rglob("*"):
        assert not file.is_file() or b"correct horse" not in file.read_bytes()


def test_a_passphrase_is_changed_by_who_knows_it(layout: Layout) -> None:
    operators = _desk(layout)
    operators.set_passphrase("correct horse")
    with pytest.raises(NotTrusted):
        operators.set_passphrase("other horse", "wrong horse")
    operators.set_passphrase("other horse", "correct horse")
    operators.unlock("other horse")
    assert not operators.set_passphrase("", "other horse").operator.locks
    operators.unlock("")


def test_five_wrong_answers_bring_a_pause(layout: Layout) -> None:
    clock = [0.0]
    operators = _operators(layout, lock=Lock(lambda: clock[0]))
    operators.set_passphrase("correct horse")
    said = []
    for _ in range(TRIES):
        with pytest.raises(NotTrusted) as caught:
            operators.unlock("wrong")
        said.append(caught.value.what)
    assert "4 tries left" in said[0]
    assert "1 try left" in said[3]
    with pytest.raises(NotTrusted, match="Wait 60 seconds"):
        operators.unlock("correct horse")
    clock[0] = PAUSE
    operators.unlock("correct horse")


def test_another_operator_comes_to_the_desk(layout: Layout) -> None:
    operators = _desk(layout)
    operators.set_passphrase("correct horse")
    operators.add("Bob", "b@x.example", Role.VIEWER, "battery staple")
    with pytest.raises(NotTrusted):
        operators.unlock("correct horse", "b@x.example")
    assert operators.unlock("battery staple", " B@X.example").operator.name == "Bob"
    acting = operators.acting()
    assert acting is not None
    assert acting.role is Role.VIEWER
    assert [entry.here for entry in operators.entries()] == [False, True]


def test_nobody_comes_in_without_a_passphrase_of_their_own(layout: Layout) -> None:
    operators = _desk(layout)
    operators.add("Bob", "b@x.example", Role.ADMIN, account="bob")
    said = []
    for email in ("b@x.example", "nobody@x.example"):
        with pytest.raises(NotTrusted) as caught:
            operators.unlock("", email)
        said.append(caught.value.what)
    assert said[0] == said[1], "and who tries does not learn who is there"
    assert operators.at_desk().name == "Ann"


def test_an_admin_resets_a_passphrase(layout: Layout) -> None:
    operators = _desk(layout)
    bob = operators.add("Bob", "b@x.example", Role.OPERATOR, "battery staple").operator
    operators.reset(bob.id, "correct horse")
    with pytest.raises(Refused, match="passphrase alone"):
        operators.reset(bob.id)
    assert operators.unlock("correct horse", "b@x.example").operator.name == "Bob"


def test_a_damaged_record_is_said_plainly(layout: Layout) -> None:
    operators = _desk(layout)
    operators.set_passphrase("correct horse")
    OperatorStore(ground(layout).database).set_phrase(operators.at_desk().id, "{")
    with pytest.raises(Failed, match="damaged"):
        operators.unlock("correct horse")
