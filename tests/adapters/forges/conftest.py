"""A fake GitLab and a fake GitHub with one project each, and clients for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aiops_desktop.adapters import forges
from aiops_desktop.domain.forges import Forge
from aiops_desktop.domain.integrations import IntegrationKind
from tests.support.fake_forge import TOKEN, FakeForge, FakeProject
from tests.support.fake_github import FakeGitHub
from tests.support.fake_gitlab import FakeGitLab

FAKES: dict[IntegrationKind, type[FakeGitLab] | type[FakeGitHub]] = {
    IntegrationKind.GITLAB: FakeGitLab,
    IntegrationKind.GITHUB: FakeGitHub,
}


@pytest.fixture(params=list(FAKES))
def kind(request: pytest.FixtureRequest) -> IntegrationKind:
    found: IntegrationKind = request.param
    return found


@pytest.fixture
def fake(kind: IntegrationKind) -> Iterator[FakeForge]:
    with FAKES[kind]() as made:
        yield made


@pytest.fixture
def project(fake: FakeForge) -> FakeProject:
    return fake.add_project("acme/shop")


@pytest.fixture
def forge(kind: IntegrationKind, fake: FakeForge) -> Forge:
    return forges.connect(kind, fake.url, TOKEN, timeout=10)


@pytest.fixture
def gitlab() -> Iterator[FakeGitLab]:
    with FakeGitLab() as made:
        yield made


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with FakeGitHub() as made:
        yield made
