"""The simulator against the public API description.

Each documented request example of a covered operation is accepted, with the documented
status and an answer that has the documented keys. Where observation and description
differ, or the description contradicts itself, the literal tables below say so.
"""

import json
import os
import re
from fnmatch import fnmatch

import pytest

from simulator.api import Api
from simulator.routes import ROUTES
from simulator_facts import extract, world

pytest_plugins = ["simulator.fixtures"]

OPERATIONS = json.loads(extract.TARGET.read_text())

# Families that the product does not use; each begins the paths of its operations.
NOT_COVERED = {
    "/addressGroups": "sender's postal addresses in e-mail footers",
    "/addressLists": "sender's postal addresses in e-mail footers",
    "/addresses": "sender's postal addresses in e-mail footers",
    "/brandings": "looks of the account",
    "/calendars": "calendar feeds",
    "/campaign": "writing campaigns; reading them is covered",
    "/configs": "settings of users",
    "/content": "sources of e-mails",
    "/contacts/{id}/organization": "deprecated in favour of accounts",
    "/customObjects": "custom objects",
    "/dealGroup/": "permissions of pipelines",
    "/dealRoles": "roles of secondary contacts",
    "/dealTasktypes": "writing task types; reading them is covered",
    "/form": "forms",
    "/geoIps": "places of visitors",
    "/groupLimits": "limits of user groups",
    "/groups": "writing user groups; reading them is covered",
    "/localevent": "events of apps",
    "/messages": "contents of e-mails",
    "/personalizations": "variables of e-mails",
    "/records": "custom objects",
    "/savedResponses": "saved replies",
    "/stripo": "e-mail editor",
    "/taskNotifications": "reminders of tasks",
    "/taskOut": "outcomes of tasks",
    "/tasktypeOutcomeRels": "outcomes of tasks",
    "/templates": "templates of e-mails",
}

# Path parameters other than "1".
PARAMETERS = {
    "/users/email/{email}": "admin@example.com",
    "/users/username/{username}": "admin",
    "/eventTrackingEvents/{eventName}": "visit",
}

# Queries without which an operation has nothing to do.
QUERIES = {
    "GET /activities": {"contact": 1},
    "DELETE /accounts/bulk_delete": {"ids[]": [1, 2]},
}

# Bodies for operations that are described without an example.
BODIES = {
    "PUT /dealTasks/{id}": {"dealTask": {"title": "Call again"}},
    "POST /groupDefinitions": {"groupDefinition": {"label": "Group"}},
    "PUT /users/{id}": {"user": {"firstName": "Ada"}},
    "PUT /lists/exclusions/{id}": {"lists": ["1"]},
}

# Where recorded exchanges differ from the description the simulator follows the
# recording, unless it is told to follow the description as it is here.
AS_DESCRIBED = {
    "list_created_status": 200,
    "pipeline_created_status": 200,
    "field_value_created_status": 200,
    "field_created_shape": "documented",
}

# Examples of a refusal: (operation, number of the example): status.
REFUSED = {("PATCH /deals/bulkUpdate", 1): 422}

# Documented keys that the answer does not have: operation: (keys, reason).
DEVIATIONS = {
    "GET /accountContacts": (
        ["meta.queryLog"],
        "traces of the database, left in the description by mistake",
    ),
    "GET /accountContacts/{id}": (["meta"], "the same traces"),
    "GET /automations/{automationId}": (
        ["meta"],
        "the description repeats the example of the list",
    ),
    "GET /groups": (["groups.*"], "50 permissions that nothing asks for"),
    "GET /groups/{id}": (["group.*"], "50 permissions that nothing asks for"),
}


def known(method, path):
    """A path without the names of its parameters, which differ."""
    return method, re.sub(r"\{[^}]*\}", "{}", path)


COVERED = {known(method, path) for method, path, _ in ROUTES}


def name_of(operation):
    return f"{operation['method']} {operation['path']}"


def is_covered(operation):
    return known(operation["method"], operation["path"]) in COVERED


def runs():
    """Every covered operation, once for each of its request examples."""
    for operation in filter(is_covered, OPERATIONS):
        for number in range(len(operation["requests"]) or 1):
            yield pytest.param(operation, number, id=f"{name_of(operation)} {number}")


@pytest.fixture(scope="module")
def furnished(simulator_process):
    """An account in which the examples make sense, kept to return to."""
    simulator_process.control.reset(import_latency=3600.0, **AS_DESCRIBED)
    simulator_process.control.limits(enabled=False)
    api = Api(simulator_process)
    world.build(api)
    api.control.freeze("fidelity")
    return api


@pytest.fixture
def example_api(furnished):
    """The furnished account as it was in the beginning."""
    furnished.control.thaw("fidelity")
    return furnished


def lacking(shape, value, where=""):
    """Documented keys that an answer does not have, as dotted names."""
    if isinstance(shape, list) and isinstance(value, list):
        return [gap for item in value[:1] for gap in lacking(shape[0], item, where)]
    if not isinstance(shape, dict):
        return []
    if not isinstance(value, dict):
        return [where or "object"]
    gaps = [f"{where}{key}" for key in shape if key not in value]
    for key in shape.keys() & value.keys():
        gaps += lacking(shape[key], value[key], f"{where}{key}.")
    return sorted(gaps)


def is_excused(name, gap):
    """Whether the table of deviations knows of a missing key."""
    patterns, _ = DEVIATIONS.get(name, ((), ""))
    return any(fnmatch(gap, pattern) for pattern in patterns)


@pytest.mark.parametrize("operation, number", list(runs()))
def test_the_documented_example_works(example_api, operation, number):
    name, path = name_of(operation), operation["path"]
    body = (operation["requests"] or [BODIES.get(name)])[number]
    for owner in ("account", "deal"):
        if path.startswith(f"/{owner}"):
            world.custom_fields(example_api, owner, body)
    path = re.sub(r"\{[^}]*\}", PARAMETERS.get(path, "1"), path)
    query = QUERIES.get(name, {})
    if path == "/import/info":
        rows = {"contacts": [{"email": "ada@example.com"}]}
        query = {
            "batchId": example_api.post("/import/bulk_import", rows).json()["batchId"]
        }
    answer = example_api.call(operation["method"], path, body, params=query)
    status = REFUSED.get((name, number), operation["status"] or 200)
    assert answer.status_code == status, answer.text[:300]
    if answer.ok and operation["shape"]:
        gaps = lacking(operation["shape"], answer.json())
        assert [gap for gap in gaps if not is_excused(name, gap)] == []


def test_every_operation_is_covered_or_left_out_with_a_reason():
    open_ones = [
        name_of(operation)
        for operation in OPERATIONS
        if not is_covered(operation)
        and not operation["path"].startswith(tuple(NOT_COVERED))
    ]
    assert open_ones == []


def test_the_tables_name_only_what_is_described():
    names = {name_of(operation) for operation in OPERATIONS}
    refused = {name for name, _ in REFUSED}
    assert {*QUERIES, *BODIES, *DEVIATIONS, *refused} <= names
    paths = [operation["path"] for operation in OPERATIONS]
    for begin in NOT_COVERED:
        assert any(path.startswith(begin) for path in paths), begin


def test_the_facts_are_those_of_the_description():
    source = os.environ.get("AC_OPENAPI")
    if not source:
        pytest.skip("AC_OPENAPI does not name the OpenAPI file")
    assert extract.extract(source) == extract.TARGET.read_text()
