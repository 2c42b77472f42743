"""A simulator that is kept forgets nothing when it is started again."""

import threading
import time

import pytest
import requests

from simulator.api import Api
from simulator.receiver import receiving
from simulator.running import running_simulator


@pytest.fixture
def kept(tmp_path):
    """A simulator whose account survives a restart, without rate limits."""
    with running_simulator(keep=tmp_path / "account") as simulator:
        simulator.control.limits(enabled=False)
        yield simulator


@pytest.fixture
def api(kept):
    """The API of the kept account."""
    return Api(kept)


def test_the_account_is_the_same_afterwards(kept, api):
    control = kept.control
    control.clock(3600)
    control.options(import_latency=0.25)
    control.faults({"kind": "drop", "path": "nowhere", "times": 3})
    contact = api.new_contact(firstName="Ada")
    kept.restart()
    found = control.state("contacts")["contacts"]
    assert found[contact]["firstName"] == "Ada"
    assert control.options()["import_latency"] == 0.25
    assert control.limits()["enabled"] is False
    assert [rule["times"] for rule in control.faults()] == [3]
    assert control.clock(3600)["offset"] == 3600
    assert int(api.new_contact("new@example.com")) == int(contact) + 1


def test_the_log_goes_on(kept, api):
    api.get("/tags")
    kept.restart()
    api.get("/tags")
    entries = kept.control.log()["entries"]
    assert [entry["n"] for entry in entries] == [1, 2]


def test_an_import_under_way_is_done_afterwards(kept, api):
    kept.control.options(import_latency=1.0)
    contacts = [{"email": f"p{number}@example.com"} for number in range(3)]
    answer = api.post("/import/bulk_import", {"contacts": contacts}).json()
    assert kept.control.counts()["contacts"] == 0
    kept.restart()
    assert len(api.finished(answer["batchId"])["success"]) == 3
    assert kept.control.counts()["contacts"] == 3


def test_webhooks_on_their_way_arrive_afterwards_once(kept, api):
    with receiving() as receiver:
        kept.control.options(webhook_latency=0.5)
        api.new_webhook(receiver.url, "subscribe", sources=["api"])
        for number in range(4):
            api.new_contact(f"p{number}@example.com")
        kept.restart()
        assert len(kept.control.deliveries()) == 4
        assert len(receiver.received) == 4


def test_an_open_request_gets_no_answer(kept, api):
    kept.control.faults({"kind": "delay", "seconds": 60})
    caught = []

    def ask():
        try:
            api.get("/tags")
        except requests.RequestException as error:
            caught.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    while not kept.control.log()["entries"]:
        time.sleep(0.05)
    kept.restart()
    asking.join(30)
    assert len(caught) == 1


def test_nobody_answers_in_between(kept):
    restarting = threading.Thread(target=kept.restart, args=(3,))
    restarting.start()
    kept.process.wait(30)
    with pytest.raises(requests.ConnectionError):
        requests.get(kept.url, timeout=5)
    restarting.join(60)
    assert kept.control.counts()["contacts"] == 0
