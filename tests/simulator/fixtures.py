"""Fixtures for tests of the simulator itself, over real HTTP."""

import pytest

from .api import Api
from .receiver import receiving
from .running import running_simulator


@pytest.fixture(scope="session")
def simulator_process():
    """One simulator for all tests of a session."""
    with running_simulator() as simulator:
        yield simulator


@pytest.fixture
def api(simulator_process):
    """The API of a fresh account without rate limits, imports done at once."""
    simulator_process.control.reset(import_latency=0.0)
    simulator_process.control.limits(enabled=False)
    return Api(simulator_process)


@pytest.fixture
def control(api):
    """The controls of the account of `api`."""
    return api.control


@pytest.fixture
def receiver():
    """Where webhooks arrive."""
    with receiving() as receiver:
        yield receiver
