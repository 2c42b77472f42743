"""Controls under /_sim, for tests and demonstrations; no key needed."""

import json

from starlette.responses import JSONResponse
from starlette.routing import Route

from . import dump
from .actions import ACTIONS
from .errors import Refused
from .filling import fill


def reset(sim, values):
    """A new account; `seed` and options may be given."""
    seed = values.pop("seed", 1)
    sim.reset(seed, **values)
    return {"seed": seed, "options": sim.options.as_dict()}


def freeze(sim, values):
    """Keep the state under a `name`; faults, limits and options are not part of it."""
    sim.frozen[values.get("name", "")] = sim.account.frozen()
    return {}


def thaw(sim, values):
    """Go back to a kept state."""
    sim.account.thaw(sim.frozen[values.get("name", "")])
    return {}


def state(sim, values):
    """Everything the account holds, or the tables named in `only` (with commas)."""
    return dump.state(sim.account, [n for n in values.get("only", "").split(",") if n])


def counts(sim, values):
    """How many records each table has: quick, whatever the size of the account."""
    return dump.counts(sim.account)


def log(sim, values):
    """Requests after number `since`."""
    return sim.journal.report(int(values.get("since", 0)))


def clear_log(sim, values):
    """Forget the log."""
    sim.journal.clear()
    return {}


def faults(sim, values):
    """The rules in force."""
    return {"rules": sim.faults.as_list()}


def add_faults(sim, values):
    """Add `rules`."""
    sim.faults.add(values.get("rules", []))
    return faults(sim, values)


def clear_faults(sim, values):
    """No more faults."""
    sim.faults.rules = []
    return faults(sim, values)


def limits(sim, values):
    """Change the rate limits; without a body only tell them."""
    sim.limits.change(values)
    return sim.limits.as_dict()


def options(sim, values):
    """Change what is not established; without a body only tell it."""
    sim.options.change(values)
    return sim.options.as_dict()


def deliveries(sim, values):
    """Attempts to deliver webhooks, and how many are still waiting."""
    return {"deliveries": sim.deliveries.attempts, "pending": sim.deliveries.pending()}


def clock(sim, values):
    """Move the account's clock by `offset` seconds from real time."""
    sim.account.offset = float(values.get("offset", 0))
    return {"offset": sim.account.offset, "now": sim.account.iso()}


def seed(sim, values):
    """Add invented records: contacts, fields, tags, lists ... by number."""
    return {"added": fill(sim.account, **values)}


def exclude(sim, values):
    """Put a phrase on the exclusion list (the API can only change what is there)."""
    given = {"matchType": "exact", "channel": "email", "hidden": False, "lists": []}
    return sim.account.add("exclusions", **given | values)


CONTROLS = [
    ("POST", "/reset", reset),
    ("POST", "/freeze", freeze),
    ("POST", "/thaw", thaw),
    ("GET", "/state", state),
    ("GET", "/counts", counts),
    ("GET", "/log", log),
    ("DELETE", "/log", clear_log),
    ("GET", "/faults", faults),
    ("POST", "/faults", add_faults),
    ("DELETE", "/faults", clear_faults),
    ("GET", "/limits", limits),
    ("POST", "/limits", limits),
    ("GET", "/options", options),
    ("POST", "/options", options),
    ("GET", "/deliveries", deliveries),
    ("POST", "/clock", clock),
    ("POST", "/seed", seed),
    ("POST", "/exclusions", exclude),
]


def act(name):
    """A control that does one of `ACTIONS`."""

    def control(sim, values):
        return {"id": ACTIONS[name](sim.account, values)}

    return control


def serve(sim, function):
    """An endpoint that gives `function(sim, values)` the query or JSON body."""

    async def endpoint(request):
        body = await request.body()
        try:
            values = json.loads(body) if body else dict(request.query_params)
            return JSONResponse(function(sim, values))
        except Refused as refused:
            return JSONResponse(refused.body, refused.status)
        except (KeyError, TypeError, ValueError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)

    return endpoint


def routes(sim):
    """Starlette routes of all controls and actions."""
    table = [*CONTROLS, *(("POST", f"/actions/{name}", act(name)) for name in ACTIONS)]
    return [
        Route(f"/_sim{path}", serve(sim, function), methods=[method])
        for method, path, function in table
    ]
