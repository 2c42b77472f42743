"""Who watches a client: asked before every attempt, told after it."""

import pytest

from activecampaign import Paused, Rejected, ServerError, Unreachable

pytest_plugins = ["client_support"]


class Witness:
    """An observer that remembers what it is told and refuses when it is told to."""

    def __init__(self):
        self.refuses = False
        self.asked, self.told, self.given_up, self.ends = [], [], [], 0

    def permit(self, call):
        if self.refuses:
            raise Paused("Not now")
        self.asked.append(call.path)

    def answered(self, call, seconds, error):
        assert seconds > 0
        self.told.append((call.path, type(error)))

    def gave_up(self, call, error):
        self.given_up.append((call.path, type(error)))

    def closed(self):
        self.ends += 1


@pytest.fixture
def witness():
    return Witness()


@pytest.fixture
def client(new_client, witness):
    with new_client(observer=witness) as client:
        yield client


ME = "/api/3/users/me"


def test_every_attempt_is_told(client, account, witness):
    account.faults(
        {"kind": "status", "status": 500, "times": 1}, {"kind": "drop", "times": 1}
    )
    client.users.me()
    kinds = [ServerError, Unreachable, type(None)]
    assert witness.told == [(ME, kind) for kind in kinds]
    assert witness.asked == [ME] * 3
    assert witness.given_up == []


def test_what_is_refused_is_told_once_more_at_the_end(client, witness):
    with pytest.raises(Rejected):
        client.contacts.create({"email": "no e-mail"})
    path = "/api/3/contacts"
    assert witness.told == witness.given_up == [(path, Rejected)]


def test_what_is_not_permitted_is_not_sent_and_not_tried_again(
    client, account, witness
):
    account.clear_log()
    witness.refuses = True
    with pytest.raises(Paused):
        client.users.me()
    assert account.log()["entries"] == []
    assert (witness.told, witness.given_up) == ([], [(ME, Paused)])


def test_permission_may_end_between_two_attempts(client, account, witness):
    account.clear_log()
    account.faults({"kind": "status", "status": 500})
    witness.answered = lambda call, seconds, error: setattr(witness, "refuses", True)
    with pytest.raises(Paused):
        client.users.me()
    assert len(account.log()["entries"]) == 1


def test_the_end_is_told(new_client, witness):
    with new_client(observer=witness):
        assert witness.ends == 0
    assert witness.ends == 1


def test_other_hosts_are_not_observed(client, witness):
    with pytest.raises(Rejected):
        client.event_tracking.track("1", "guess", "seen", "ada@example.com")
    assert (witness.asked, witness.told) == ([], [])
