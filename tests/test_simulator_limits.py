"""Rate limit, faults, options and the log of the simulator."""

import pytest
import requests

pytest_plugins = ["simulator.fixtures"]


def burst(api, count):
    return [api.call("GET", "/tags") for _ in range(count)]


def test_the_sixth_request_in_a_second_is_refused(api, control):
    control.limits(enabled=True)
    answers = burst(api, 6)
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    refused = answers[5].headers
    assert refused["Retry-After"] == "30"
    assert (refused["RateLimit-Limit"], refused["RateLimit-Remaining"]) == ("5", "0")
    log = control.log()
    assert (log["max_per_second_seen"], log["max_per_second_accepted"]) == (6, 5)


def test_limits_can_be_changed_and_switched_off(api, control):
    control.limits(enabled=True, requests_per_second=2, retry_after=1)
    assert [answer.status_code for answer in burst(api, 3)] == [200, 200, 429]
    control.limits(enabled=False)
    assert {answer.status_code for answer in burst(api, 20)} == {200}


def test_the_body_of_a_429_is_an_option(api, control):
    control.options(limited_body={"error": "slow down"})
    control.limits(enabled=True, requests_per_second=1)
    assert burst(api, 2)[1].json() == {"error": "slow down"}


def test_an_unknown_option_is_refused(control):
    with pytest.raises(ValueError, match="no option 'colour'"):
        control.options(colour="red")


# ----------------------------------------------------------------------------- faults


def sync(api, **options):
    return api.post(
        "/contact/sync", {"contact": {"email": "ada@example.com"}}, **options
    )


def contacts(control):
    return control.state()["counts"]["contacts"]


def test_a_status_comes_before_anything_is_done(api, control):
    control.faults({"kind": "status", "status": 503, "retry_after": 2, "times": 1})
    answer = sync(api)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert contacts(control) == 0
    assert sync(api).status_code == 201


def test_a_dropped_connection_has_done_nothing(api, control):
    control.faults({"kind": "drop", "times": 1})
    with pytest.raises(requests.ConnectionError):
        sync(api)
    assert contacts(control) == 0
    assert control.log()["entries"][-1]["fault"] == "drop"


@pytest.mark.parametrize("kind", ["truncate", "empty"])
def test_a_spoiled_body_has_done_everything(api, control, kind):
    control.faults({"kind": kind, "times": 1})
    with pytest.raises((requests.RequestException, ValueError)):
        sync(api).json()
    assert contacts(control) == 1


def test_an_accepted_request_that_times_out_has_changed_the_state(api, control):
    control.faults({"kind": "accept_timeout", "seconds": 30, "times": 1})
    with pytest.raises(requests.ReadTimeout):
        sync(api, timeout=0.3)
    assert contacts(control) == 1
    assert sync(api).status_code == 200


def test_a_delay_answers_in_the_end(api, control):
    control.faults({"kind": "delay", "seconds": 0.2, "times": 1})
    with pytest.raises(requests.ReadTimeout):
        sync(api, timeout=0.05)
    assert sync(api).ok


def test_a_rule_looks_at_path_and_method(api, control):
    control.faults({"kind": "status", "path": "/contacts$", "method": "GET"})
    assert sync(api).status_code == 201
    assert api.call("GET", "/contacts").status_code == 500
    assert api.call("GET", "/contacts/1").status_code == 200
    control.clear_faults()
    assert api.call("GET", "/contacts").status_code == 200


def test_an_unknown_fault_is_refused(control):
    with pytest.raises(ValueError, match="no fault 'explode'"):
        control.faults({"kind": "explode"})


def failures(api, control, seed):
    control.reset(seed=seed)
    control.limits(enabled=False)
    control.faults({"kind": "status", "probability": 0.5})
    return [answer.status_code for answer in burst(api, 30)]


def test_chance_depends_on_the_seed_only(api, control):
    first, again, other = (failures(api, control, seed) for seed in (7, 7, 8))
    assert first == again != other
    assert set(first) == {200, 500}


# ------------------------------------------------------------------ state, log, clock


def dump(api, control, seed):
    control.reset(seed=seed, import_latency=0.0)
    control.clock(0)
    control.limits(enabled=False)
    control.seed(contacts=5, fields=2, tags=2, accounts=2, deals=3)
    api.import_contacts({"email": "ada@example.com", "tags": ["A"]})
    state = control.state()
    contacts = state["contacts"].values()
    deals = state["deals"].values()
    return [(c["email"], c["firstName"], c["hash"]) for c in contacts], [
        (deal["title"], deal["value"], deal["contact"]) for deal in deals
    ]


def test_the_same_seed_gives_the_same_account(api, control):
    first, again, other = (dump(api, control, seed) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_no_log_holds_the_key(api, control, simulator_process):
    key = simulator_process.api_key
    api.get("/contacts", api_key=key)
    api.call("GET", f"/contacts/{key}")
    log = control.log()
    assert log["by_path"]["GET /api/3/contacts"] == 1
    assert key not in str(log)


def test_a_request_id_joins_answer_and_log(api, control):
    answer = api.call("GET", "/tags")
    assert control.log()["entries"][-1]["request_id"] == answer.headers["X-Request-Id"]


def test_the_log_begins_where_it_is_asked_to(api, control):
    api.get("/tags")
    last = control.log()["entries"][-1]["n"]
    api.get("/lists", limit=1)
    entries = control.log(since=last)["entries"]
    assert [(e["path"], e["query"], e["status"]) for e in entries] == [
        ("/api/3/lists", "limit=1", 200)
    ]


def test_the_clock_can_be_moved(api, control):
    control.clock(86400 * 365 * 100)
    api.new_contact()
    assert control.state()["contacts"]["1"]["cdate"] > "2100"


def test_a_kept_state_comes_back(api, control):
    api.new_contact("ada@example.com")
    control.freeze()
    api.new_contact("bob@example.com")
    control.thaw()
    assert [c["email"] for c in control.state()["contacts"].values()] == [
        "ada@example.com"
    ]


def test_an_unknown_path_is_a_404_with_the_key_checked(api):
    assert api.call("GET", "/nothing").status_code == 404
    assert api.call("GET", "/nothing", headers={"Api-Token": ""}).status_code == 403


def test_broken_json_is_a_400(api):
    answer = api.call("POST", "/contacts", data="{", headers={"Content-Type": "a/json"})
    assert answer.status_code == 400
