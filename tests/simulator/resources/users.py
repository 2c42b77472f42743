"""Users, groups, scores and the account itself (OAS get-user-logged-in ...)."""

from ..crud import listing, pick, read, remove
from ..errors import Refused
from ..furniture import add_user

SHOWN = "username firstName lastName email phone signature links id".split()


def shown(call, user):
    """A user with the keys that lists and single answers show."""
    whole = call.show("users", user)
    return {name: whole[name] for name in SHOWN}


def me(call):
    """GET /users/me: the user whose key it is."""
    return 200, {"user": shown(call, next(iter(call.account["users"].values())))}


def list_users(call):
    """GET /users."""
    found = list(call.account["users"].values())
    rows = [shown(call, user) for user in call.page(found)]
    return 200, {"users": rows, "meta": {"total": str(len(found))}}


def by(column):
    """GET /users/<column>/{value}."""

    def handler(call):
        found = call.account.where("users", **{column: call.path["value"]})
        if not found:
            raise Refused(404, {"message": f"No Result found for User with {column}"})
        return 200, {"user": shown(call, found[0])}

    return handler


def read_user(call):
    """GET /users/{id}."""
    return 200, {"user": shown(call, call.record("users"))}


def create_user(call):
    """POST /users: 201."""
    values = call.envelope("user")
    names = [
        str(values.get(key) or "")
        for key in ("username", "firstName", "lastName", "email")
    ]
    if not names[0] or not names[3]:
        raise Refused(400, {})
    user = add_user(call.account, *names, values.get("group") or "1")
    whole = call.show("users", user)
    hidden = ("phone", "signature")
    return 201, {"user": {k: v for k, v in whole.items() if k not in hidden}}


def update_user(call):
    """PUT /users/{id}."""
    user = call.record("users")
    given = call.envelope("user")
    values = pick(given, ("username", "firstName", "lastName", "email"))
    group = str(given.get("group") or user["_group"])
    call.account.change("users", user, _group=group, **values)
    answer = shown(call, user) | {"userGroup": group}
    return 200, {"userGroups": [], "user": answer}


def members(call):
    """GET /groups/{id}/userGroups: the link of a group; rows as in update-a-user."""
    if not call.options.user_groups_told:
        raise Refused(404, {"message": "No route"})
    group = str(call.record("groups")["id"])
    users = [
        str(user["id"])
        for user in call.account["users"].values()
        if user["_group"] == group
    ]
    rows = [
        {"id": id_, "userid": id_, "user": id_, "groupid": group, "group": group}
        for id_ in users
    ]
    return 200, {"userGroups": rows}


def settings(call):
    """GET /settings/account: name and address of the account."""
    host = call.base.partition("/api/")[0]
    return 200, {
        "account": {"name": "simulator", "url": host, "timezone": "America/Chicago"}
    }


ROUTES = [
    ("GET", "/users/me", me),
    ("GET", "/users/email/{value}", by("email")),
    ("GET", "/users/username/{value}", by("username")),
    ("GET", "/users", list_users),
    ("POST", "/users", create_user),
    ("GET", "/users/{id}", read_user),
    ("PUT", "/users/{id}", update_user),
    remove("users"),
    listing("groups"),
    read("groups"),
    ("GET", "/groups/{id}/userGroups", members),
    listing("scores"),
    read("scores"),
    ("GET", "/settings/account", settings),
]
