"""Answers that are refusals, in the shapes ActiveCampaign uses (it has no single one)."""


class Refused(Exception):
    """A request is refused with `status` and the JSON `body`."""

    def __init__(self, status, body):
        super().__init__(status)
        self.status = status
        self.body = body


def missing(model, record_id, status=404):
    """404 by name of AC's own class: `No Result found for Subscriber with id 1`."""
    text = f"No Result found for {model} with id {record_id}"
    return Refused(status, {"message": text})


def not_found(detail=None):
    """404 as custom field data and contact tags answer it."""
    error = {"status": 404, "title": "Not Found"}
    return Refused(404, {"errors": [error | ({"detail": detail} if detail else {})]})


def invalid(title, code="", pointer="", detail="", status=422):
    """422 with one entry of `errors`; `pointer` is the attribute's name."""
    error = {"title": title, "detail": detail}
    if code:
        error["code"] = code
    if pointer:
        error["source"] = {"pointer": f"/data/attributes/{pointer}"}
    return Refused(status, {"errors": [error]})
