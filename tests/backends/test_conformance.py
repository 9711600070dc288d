"""The suite that every backend passes, on the built-in warehouse and on the fake."""

import pytest

from crossdock.backends.builtin import plugin
from crossdock.ports.backend import Backend
from crossdock.testing.backend_conformance import BackendConformance
from crossdock.testing.fakes import FakeBackend
from crossdock.testing.floor import Floor


class TestBuiltinWarehouse(BackendConformance):
    fields = plugin.manifest.fields

    @pytest.fixture
    def backend(self, builtin: Backend) -> Backend:
        return builtin

    @pytest.fixture
    def floor(self, hands: Floor) -> Floor:
        return hands


class TestFakeBackend(BackendConformance):
    fields = plugin.manifest.fields

    @pytest.fixture
    def backend(self) -> FakeBackend:
        return FakeBackend()

    @pytest.fixture
    def floor(self, backend: FakeBackend) -> Floor:
        return backend
