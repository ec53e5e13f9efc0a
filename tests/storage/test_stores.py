"""What is remembered, and what may not be remembered twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aiops_desktop.domain.events import EventFilter, Outcome
from aiops_desktop.domain.integrations import Integration, IntegrationKind, Link
from aiops_desktop.domain.issues import Issue, IssueFilter, IssueState
from aiops_desktop.domain.keys import Key, KeyType
from aiops_desktop.domain.layout import Layout
from aiops_desktop.domain.operators import Role
from aiops_desktop.domain.projects import CheckoutState, Project, ProjectDraft
from aiops_desktop.domain.secrets import Sealed
from aiops_desktop.domain.tenants import Tenant, TenantDraft
from aiops_desktop.domain.trouble import Missing, Refused
from aiops_desktop.storage.database import Database, now
from aiops_desktop.storage.events import EventStore
from aiops_desktop.storage.integrations import IntegrationStore
from aiops_desktop.storage.issues import IssueStore
from aiops_desktop.storage.keys import KeyStore
from aiops_desktop.storage.open import open_database
from aiops_desktop.storage.operators import OperatorStore
from aiops_desktop.storage.projects import ProjectStore
from aiops_desktop.storage.secrets import SecretStore
from aiops_desktop.storage.tenants import TenantStore


@pytest.fixture
def database(layout: Layout) -> Iterator[Database]:
    made = open_database(layout)
    yield made
    made.close()


def _tenant(database: Database, name: str = "Acme") -> Tenant:
    return TenantStore(database).add(TenantDraft(name).checked(), name.lower())


def _project(database: Database, tenant: Tenant, name: str = "site") -> Project:
    draft = ProjectDraft(tenant.id, "git@h.example:a/b.git", name).checked()
    checkout = database.layout.checkouts / tenant.slug / name.lower()
    return ProjectStore(database, "me").add(draft, name.lower(), checkout, adopted=False)


@pytest.mark.parametrize("again", ["Acme", "ACME", "acme"])
def test_tenants_of_the_same_name_are_refused_at_the_name(database: Database, again: str) -> None:
    _tenant(database)
    with pytest.raises(Refused) as caught:
        TenantStore(database).add(TenantDraft(again), "other")
    assert caught.value.field == "name"
    assert len(TenantStore(database).all()) == 1


def test_names_are_compared_without_case_in_any_script(database: Database) -> None:
    store = TenantStore(database)
    store.add(TenantDraft("Ünal Ökonomie"), "unal")
    with pytest.raises(Refused):
        store.add(TenantDraft("ÜNAL ökonomie"), "unal-2")
    found = store.find("ünal ÖKONOMIE")
    assert found is not None
    assert found.slug == "unal"


def test_a_number_is_never_given_twice(database: Database) -> None:
    store = TenantStore(database)
    first = _tenant(database)
    store.remove(first.id)
    assert _tenant(database).id > first.id


def test_projects_are_unique_within_their_tenant_only(database: Database) -> None:
    acme, brix = _tenant(database), _tenant(database, "Brix")
    one, two = _project(database, acme), _project(database, brix)
    assert one.checkout != two.checkout
    with pytest.raises(Refused) as caught:
        _project(database, acme, "SITE")
    assert caught.value.field == "name"


def _key(database: Database, tenant: Tenant) -> Key:
    place = database.layout.tenant(tenant.slug) / "keys" / "deploy"
    print_, public = f"SHA256:{tenant.slug}", "ssh-ed25519 AAAA"
    key = Key(
        0,
        tenant.id,
        "deploy",
        KeyType.ED25519,
        256,
        print_,
        public,
        place,
        False,
        datetime.now(UTC),
    )
    return KeyStore(database).add(key)


def test_a_project_takes_only_its_own_tenants_key(database: Database) -> None:
    acme, brix = _tenant(database), _tenant(database, "Brix")
    own, foreign = _key(database, acme), _key(database, brix)
    project, store = _project(database, acme), ProjectStore(database)
    draft = ProjectDraft(acme.id, project.remote_url, project.name, key_id=own.id)
    assert store.change(project.id, draft).key_id == own.id
    for wrong in (foreign.id, 99):
        with pytest.raises(Refused) as caught:
            store.change(project.id, replace(draft, key_id=wrong))
        assert caught.value.field == "key_id"
    KeyStore(database).remove(own.id)
    assert store.get(project.id).key_id is None


def test_paths_are_remembered_relative_to_the_data_folder(database: Database) -> None:
    project = _project(database, _tenant(database))
    with database.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT checkout FROM projects").scalar()
    assert kept == "checkouts/acme/site"
    assert project.checkout.is_absolute()


def test_a_tenant_takes_its_projects_issues_and_integrations_along(database: Database) -> None:
    acme, brix = _tenant(database), _tenant(database, "Brix")
    project, other = _project(database, acme), _project(database, brix)
    issues, integrations = IssueStore(database), IntegrationStore(database)
    for owner in (project, other):
        forge = integrations.add(
            Integration(
                0, owner.tenant_id, IntegrationKind.GITLAB, "forge", "https://h.example", "", now()
            )
        )
        link = Link(0, owner.id, forge.id, owner.tenant_id, "17", "a/b", "", now())
        link = integrations.add_link(link)
        issue = Issue(0, link.id, owner.id, owner.tenant_id, "1", 7, "Broken", IssueState.OPEN)
        issues.put([issue])
    TenantStore(database).remove(acme.id)
    assert [p.id for p in ProjectStore(database).all()] == [other.id]
    assert [issue.project_id for issue in issues.all(IssueFilter())] == [other.id]
    assert integrations.all(acme.id) == []
    assert [link.project_id for link in integrations.links()] == [other.id]


def test_a_clone_cut_off_with_its_process_is_a_failed_one(database: Database) -> None:
    tenant = _tenant(database)
    dead, living = _project(database, tenant), _project(database, tenant, "other")
    ProjectStore(database, "dead").set_state(dead.id, CheckoutState.CLONING)
    ProjectStore(database, "alive").set_state(living.id, CheckoutState.CLONING)
    store = ProjectStore(database)
    found = store.recover(lambda mark: mark == "alive", "Cut off.")
    assert [p.id for p in found] == [dead.id]
    assert store.get(dead.id).state is CheckoutState.FAILED
    assert store.get(dead.id).clone_error == "Cut off."
    assert store.get(living.id).state is CheckoutState.CLONING


def test_what_is_gone_is_said_to_be_missing(database: Database) -> None:
    for store in (TenantStore(database), ProjectStore(database), EventStore(database)):
        with pytest.raises(Missing):
            store.get(99)
    assert ProjectStore(database).find("acme", "site") is None


def test_operators_are_found_without_case_and_never_twice(database: Database) -> None:
    store = OperatorStore(database)
    store.add("Ann", "Ann@Acme.Example", Role.ADMIN)
    found = store.of_email("ANN@acme.example")
    assert found is not None
    assert found.email == "ann@acme.example"
    with pytest.raises(Refused):
        store.add("Other", "ANN@ACME.EXAMPLE", Role.OPERATOR)
    store.add("Nobody", "", Role.OPERATOR)
    store.add("Nobody else", "", Role.OPERATOR)


def test_only_the_first_operator_settles_as_admin(database: Database) -> None:
    store = OperatorStore(database)
    assert store.settle("Ann", "", "ann").role is Role.ADMIN
    assert store.settle("Ann again", "", "ann").name == "Ann"
    assert store.settle("Bob", "", "bob").role is Role.VIEWER


def test_the_history_is_filtered(database: Database) -> None:
    store = EventStore(database)
    for verb, subject, tenant in (("push", "Acme / 100% site", 1), ("clone", "Brix / app", 2)):
        number = store.add(verb, subject, actor="Ann", process="", tenant_id=tenant)
        store.end(number, Outcome.DONE, note="3 new commits", output="long")
    assert [e.verb for e in store.all(EventFilter())] == ["clone", "push"]
    assert [e.verb for e in store.all(EventFilter(text="ACME commits"))] == ["push"]
    assert [e.verb for e in store.all(EventFilter(text="100%"))] == ["push"]
    assert store.all(EventFilter(text="%")) == store.all(EventFilter()), "signs are no words"
    assert [e.verb for e in store.all(EventFilter(tenant_id=2))] == ["clone"]
    assert store.all(EventFilter(outcome=Outcome.FAILED)) == []
    assert store.all(EventFilter(since=datetime.now(UTC) + timedelta(hours=1))) == []
    assert len(store.all(EventFilter(limit=1))) == 1
    assert store.all(EventFilter())[0].output == "", "lists come without output"
    assert store.get(number).output == "long"


def test_times_come_back_aware(database: Database) -> None:
    created = _tenant(database).created
    assert created.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - TenantStore(database).all()[0].created) < timedelta(minutes=1)


def test_secrets_are_forgotten_by_prefix_and_no_further(database: Database) -> None:
    store = SecretStore(database)
    for owner in ("tenant:1/https/h", "tenant:1/key/a", "tenant:10/https/h", "tenant_1/x"):
        store.put(Sealed(owner, b"n", b"c"))
    store.remove_all("tenant:1/")
    assert store.owners() == ["tenant:10/https/h", "tenant_1/x"]


def test_a_failed_write_takes_back_what_it_joined(database: Database) -> None:
    store = TenantStore(database)
    with pytest.raises(Refused), database.write():
        store.add(TenantDraft("One"), "one")
        store.add(TenantDraft("ONE"), "two")
    assert store.all() == []
