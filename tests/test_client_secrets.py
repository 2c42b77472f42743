"""Where the key and people's data must not appear."""

import logging
import traceback

import pytest

from activecampaign import (
    ActiveCampaignError,
    AuthenticationError,
    UncertainOutcome,
    Unreachable,
)

pytest_plugins = ["client_support"]

KEY = "simulator-key"
EMAIL = "ada@example.com"


def test_repr_and_pickle_hide_the_key(client):
    assert KEY not in repr(client)
    assert KEY not in str(client._token) + repr(client._session.__dict__)


def failures(client, account):
    """Yield one error of each way a call can fail."""
    for rule, call in (
        ({"kind": "status", "status": 500}, lambda: client.users.me()),
        ({"kind": "status", "status": 403}, lambda: client.users.me()),
        ({"kind": "drop"}, lambda: list(client.contacts.list(email=EMAIL))),
        ({"kind": "drop"}, lambda: client.create_contact({"email": EMAIL})),
        (
            {"kind": "truncate"},
            lambda: list(client.tags.list(search=EMAIL)),
        ),
    ):
        account.faults(rule)
        with pytest.raises(ActiveCampaignError) as caught:
            call()
        account.clear_faults()
        yield caught.value
    client.root = "http://127.0.0.1:9"
    with pytest.raises(Unreachable) as caught:
        list(client.contacts.list(email=EMAIL))
    yield caught.value


def test_errors_and_tracebacks_hide_key_and_payload(client, account):
    kinds = set()
    for error in failures(client, account):
        kinds.add(type(error))
        text = str(error) + repr(error) + "".join(traceback.format_exception(error))
        assert KEY not in text
        assert EMAIL not in text
    assert {AuthenticationError, UncertainOutcome, Unreachable} <= kinds


def test_the_log_hides_the_key_even_at_debug(client, account, caplog):
    caplog.set_level(logging.DEBUG)
    client.contacts.sync({"email": EMAIL})
    assert len(list(failures(client, account))) == 6
    assert "attempt 1" in caplog.text
    assert KEY not in caplog.text
    own = [r.getMessage() for r in caplog.records if "activecampaign" in r.name]
    assert own and not any(EMAIL in message for message in own)


def test_a_key_that_the_server_echoes_is_masked(new_client, account):
    key = "another-key"
    account.options(forbidden_body={"message": f"{key} is not a key"})
    with pytest.raises(AuthenticationError) as caught:
        new_client(api_key=key).users.me()
    assert caught.value.text == "*** is not a key"


def test_the_account_saw_the_key_only_in_the_header(client, account):
    client.contacts.sync({"email": EMAIL})
    list(client.contacts.list(email=EMAIL))
    assert all(KEY not in entry["query"] for entry in account.log()["entries"])
