"""Tasks of contacts and deals (OAS create-a-task-new). Every read answers 201 too."""

from .. import notes
from ..account import number
from ..crud import listing, pick, read
from ..errors import Refused

FILTERS = ("title", "reltype", "relid", "status", "note", "duedate")


def shown(call, task):
    """A task with its status as a number."""
    return call.show("dealTasks", task) | {"status": number(task.get("status"))}


def create(call):
    """POST /dealTasks: 201."""
    values = call.envelope("dealTask")
    if not values.get("relid") or not values.get("duedate"):
        raise Refused(400, {})
    return 201, {"dealTask": shown(call, notes.add_task(call.account, values))}


def list_tasks(call):
    """GET /dealTasks."""
    wanted = pick(call.filters(), FILTERS)
    found = call.account.where("dealTasks", **wanted)
    rows = [shown(call, task) for task in call.page(found)]
    return 201, {"dealTasks": rows, "meta": {"total": str(len(found))}}


def read_task(call):
    """GET /dealTasks/{id}."""
    return 201, {"dealTask": shown(call, call.record("dealTasks"))}


def update(call):
    """PUT /dealTasks/{id}."""
    task = call.record("dealTasks")
    notes.edit_task(call.account, task, call.envelope("dealTask"))
    return 201, {"dealTask": shown(call, task)}


def delete(call):
    """DELETE /dealTasks/{id}."""
    call.account.drop("dealTasks", call.record("dealTasks"))
    return 200, {}


ROUTES = [
    ("POST", "/dealTasks", create),
    ("GET", "/dealTasks", list_tasks),
    ("GET", "/dealTasks/{id}", read_task),
    ("PUT", "/dealTasks/{id}", update),
    ("DELETE", "/dealTasks/{id}", delete),
    listing("dealTasktypes"),
    read("dealTasktypes"),
]
