"""Routes that are alike for every plain kind of record."""

from .errors import missing
from .kinds import KINDS


def read(plural):
    """GET /plural/{id}."""

    def handler(call):
        return 200, call.one(plural, call.record(plural))

    return "GET", f"/{plural}/{{id}}", handler


def listing(plural, columns=()):
    """GET /plural with `filters[column]` (equality) for the named columns."""

    def handler(call):
        wanted = {k: v for k, v in call.filters().items() if k in columns}
        return 200, call.many(plural, call.account.where(plural, **wanted))

    return "GET", f"/{plural}", handler


def remove(plural, status=404, body=None):
    """DELETE /plural/{id}: 200 `{}`; `status` is that of an unknown id."""

    def handler(call):
        record = call.account.get(plural, call.path["id"])
        if record is None:
            raise missing(KINDS[plural].model, call.path["id"], status)
        call.account.drop(plural, record)
        return 200, {} if body is None else body

    return "DELETE", f"/{plural}/{{id}}", handler


def pick(values, names):
    """Only the named keys of an incoming object."""
    return {name: values[name] for name in names if name in values}
