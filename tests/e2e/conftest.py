"""A server, an account and the link between them: one of each per test file."""

import pytest
import requests
from told import TOKEN

from simulator.running import running_simulator
from workbench.account import Account

pytest.register_assert_rewrite("both_sides")

# Files that take minutes: a worker that begins one last keeps the others waiting.
LONGEST = ("test_chaos", "test_two_way", "test_faults", "test_sales", "test_two_nodes")


def pytest_collection_modifyitems(items):
    """Begin with the files that take longest."""
    turns = {name: turn for turn, name in enumerate(LONGEST)}
    items.sort(key=lambda item: turns.get(item.path.stem, len(turns)))


@pytest.fixture(scope="module")
def own_simulator():
    """A simulated account that only the tests of one file see."""
    with running_simulator() as process:
        yield process


@pytest.fixture(scope="module")
def account(odoo_server, own_simulator):
    """The server connected with the account; webhooks find their way back."""
    account = Account(odoo_server, own_simulator)
    odoo_server.call(
        "ir.config_parameter", "set_param", "web.base.url", odoo_server.url
    )
    account.make_fields()
    account.connect()
    own_simulator.control.clear_log()
    return account


@pytest.fixture(autouse=True)
def healthy(request):
    """Every test begins with an account that answers."""
    if "account" in request.fixturenames:
        request.getfixturevalue("account").simulator.control.clear_faults()


@pytest.fixture(scope="module")
def webhook_token(account):
    """Let the account know a token that we know too."""
    account.write({"ac_webhook_token": TOKEN})


@pytest.fixture
def post(account, webhook_token):
    """Send one event with the right token, unless `headers` or `auth` say otherwise."""

    def post(action="any", query="", headers=None, **options):
        headers = {"X-AC-Webhook-Token": TOKEN} if headers is None else headers
        url = f"{account.server.url}/ac/webhook/{action}{query}"
        return requests.post(url, headers=headers, timeout=60, **options)

    return post
