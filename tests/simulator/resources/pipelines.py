"""Pipelines and stages of deals (OAS create-a-pipeline, create-a-stage ...)."""

from ..account import number
from ..crud import pick, read
from ..errors import Refused
from ..furniture import add_pipeline, add_stage

STAGE_COLUMNS = (
    "title order color dealOrder cardRegion1 cardRegion2 cardRegion3 cardRegion4 "
    "cardRegion5 width"
).split()
FLAGS = ("allgroups", "allusers", "autoassign")


def create(call):
    """POST /dealGroups: a pipeline and the three stages AC makes by itself."""
    values = call.envelope("dealGroup")
    if not values.get("title") or not values.get("currency"):
        raise Refused(400, {})
    flags = {name: number(values.get(name)) for name in FLAGS}
    pipeline = add_pipeline(
        call.account,
        str(values["title"]),
        str(values["currency"]).lower(),
        **flags,
        _users=[str(user) for user in values.get("users") or []],
    )
    named = {"id": pipeline["id"], "title": pipeline["title"]}
    call.account.emit("deal_pipeline_add", "api", {"pipeline": named})
    answer = shown(call, pipeline) | permissions(call, pipeline)
    answer["dealGroup"] |= flags
    return call.options.pipeline_created_status, answer


def permissions(call, pipeline):
    """Users and groups that may see a pipeline, beside it."""
    users = [
        {
            "id": user,
            "cdate": None,
            "dealGroup": str(pipeline["id"]),
            "user": user,
            "links": {},
        }
        for user in pipeline.get("_users", [])
    ]
    return {"dealGroupGroups": [], "dealGroupUsers": users}


def stages_of(call, pipelines):
    """Stages of these pipelines as the API shows them, in their order."""
    ids = {row["id"] for row in pipelines}
    rows = [
        row
        for row in call.account["dealStages"].values()
        if number(row["group"]) in ids
    ]
    return sorted(rows, key=lambda row: number(row["order"]))


def shown(call, pipeline):
    """A pipeline with the ids of its stages, and the stages beside it."""
    stages = stages_of(call, [pipeline])
    users = pipeline.get("_users", [])
    inner = {
        "stages": [str(row["id"]) for row in stages],
        "dealGroupGroups": [],
        "dealGroupUsers": users,
    }
    whole = call.show("dealGroups", pipeline) | inner
    return {"dealGroup": whole, "dealStages": call.show_all("dealStages", stages)}


def listing(call):
    """GET /dealGroups by `filters[title]`."""
    title = call.filters().get("title", "").casefold()
    found = [
        row
        for row in call.account["dealGroups"].values()
        if title in row["title"].casefold()
    ]
    rows = call.page(found)
    return 200, {
        "dealGroups": [shown(call, row)["dealGroup"] for row in rows],
        "dealStages": call.show_all("dealStages", stages_of(call, rows)),
        "meta": {"total": str(len(found))},
    }


def read_one(call):
    """GET /dealGroups/{id}."""
    return 200, shown(call, call.record("dealGroups"))


def update(call):
    """PUT /dealGroups/{id}."""
    pipeline = call.record("dealGroups")
    values = call.envelope("dealGroup")
    columns = pick(values, ("title", "currency", *FLAGS))
    call.account.change("dealGroups", pipeline, udate=call.account.iso(), **columns)
    if "users" in values:
        pipeline["_users"] = [str(user) for user in values["users"]]
    answer = shown(call, pipeline) | permissions(call, pipeline)
    answer["dealGroup"] |= columns
    return 200, answer


def delete(call):
    """DELETE /dealGroups/{id} with its stages."""
    pipeline = call.record("dealGroups")
    for stage in stages_of(call, [pipeline]):
        call.account.drop("dealStages", stage)
    call.account.drop("dealGroups", pipeline)
    return 200, {}


def create_stage(call):
    """POST /dealStages."""
    values = call.envelope("dealStage")
    pipeline = call.account.get("dealGroups", values.get("group"))
    if pipeline is None or not values.get("title"):
        raise Refused(400, {})
    columns = pick(values, STAGE_COLUMNS)
    title = columns.pop("title")
    order = columns.pop("order", len(stages_of(call, [pipeline])) + 1)
    stage = add_stage(call.account, pipeline, title, order, **columns)
    named = {name: stage.get(name, "") for name in ("id", "title", "color")}
    call.account.emit("deal_stage_add", "api", {"stage": named})
    numbers = pick(stage, ("order", "width"))
    return 200, {"dealStage": call.show("dealStages", stage) | numbers}


def list_stages(call):
    """GET /dealStages by `filters[title]` and `filters[d_groupid]`."""
    wanted = call.filters()
    found = [
        row
        for row in call.account["dealStages"].values()
        if wanted.get("title", "").casefold() in row["title"].casefold()
        and wanted.get("d_groupid", str(row["group"])) == str(row["group"])
    ]
    return 200, call.many("dealStages", found)


def update_stage(call):
    """PUT /dealStages/{id}."""
    stage = call.record("dealStages")
    values = pick(call.envelope("dealStage"), (*STAGE_COLUMNS, "group"))
    call.account.change("dealStages", stage, udate=call.account.iso(), **values)
    numbers = pick(values, ("order", "width"))
    return 200, {"dealStage": call.show("dealStages", stage) | numbers}


def delete_stage(call):
    """DELETE /dealStages/{id}."""
    call.account.drop("dealStages", call.record("dealStages"))
    return 200, {}


ROUTES = [
    ("POST", "/dealGroups", create),
    ("GET", "/dealGroups", listing),
    ("GET", "/dealGroups/{id}", read_one),
    ("PUT", "/dealGroups/{id}", update),
    ("DELETE", "/dealGroups/{id}", delete),
    ("POST", "/dealStages", create_stage),
    ("GET", "/dealStages", list_stages),
    read("dealStages"),
    ("PUT", "/dealStages/{id}", update_stage),
    ("DELETE", "/dealStages/{id}", delete_stage),
]
