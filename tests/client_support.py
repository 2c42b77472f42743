"""Fixtures of the client's tests: a simulated account over real HTTP."""

import pytest

from activecampaign import ActiveCampaignClient, LocalLimiter, RetryPolicy
from simulator.running import running_simulator

#: All five attempts, with waits that a test can afford.
QUICK = RetryPolicy(first_wait=0.01, jitter=0.0, longest_wait=2.0)


@pytest.fixture(scope="session")
def client_simulator():
    """One simulator process for all tests of the client."""
    with running_simulator() as simulator:
        yield simulator


@pytest.fixture
def account(client_simulator):
    """The controls of a fresh account without rate limits, imports done at once."""
    control = client_simulator.control
    control.reset(import_latency=0.0)
    control.limits(enabled=False)
    control.clear_log()
    return control


@pytest.fixture
def new_client(client_simulator, account):
    """A function that makes a client of the account."""

    def make(**options):
        given = {
            "limiter": LocalLimiter(1000, 60_000),
            "allow_local": True,
            "retry": QUICK,
            "timeout": 5.0,
        }
        key = options.pop("api_key", client_simulator.api_key)
        return ActiveCampaignClient(client_simulator.url, key, **given | options)

    return make


@pytest.fixture
def client(new_client):
    """A patient client that is as fast as the simulator."""
    with new_client() as client:
        yield client


@pytest.fixture
def sent(account):
    """A function that tells what the account saw: [(method, path, status)]."""

    def report(path=""):
        entries = account.log()["entries"]
        return [
            (entry["method"], entry["path"].removeprefix("/api/3"), entry["status"])
            for entry in entries
            if path in entry["path"]
        ]

    return report


@pytest.fixture
def ada(client):
    """The id of a contact."""
    return client.contacts.create({"email": "ada@example.com"}).id
