# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The one result type of every call."""

from dataclasses import dataclass, field

from .errors import Answer


@dataclass(frozen=True)
class Result:
    """What ActiveCampaign answered to a successful call.

    :ivar status: HTTP status
    :ivar data: the parsed body, {} when it was empty or not a JSON object
    :ivar record: the object inside its envelope (`data["contact"]`), or {}
    :ivar id: the record's id as text, or None
    :ivar created: whether this call made a new record
    :ivar attempts: how often the call was sent
    :ivar request_id: ActiveCampaign's X-Request-Id, for its support
    """

    status: int
    data: dict = field(default_factory=dict, repr=False)
    record: dict = field(default_factory=dict, repr=False)
    id: str | None = None
    created: bool = False
    attempts: int = 1
    request_id: str | None = None


def record_of(data: dict, envelope: str | None) -> dict:
    """Return the enveloped object; a list-shaped body gives its first one.

    POST /fields is documented with a list-shaped body and observed with an object.
    """
    if not envelope:
        return {}
    found = data.get(envelope, data.get(envelope + "s"))
    if isinstance(found, list):
        found = found[0] if found else {}
    return found if isinstance(found, dict) else {}


def id_of(record: dict) -> str | None:
    """Return the id as text whether it came as a number or a string."""
    identity = record.get("id")
    return None if identity in (None, "") else str(identity)


def result_of(
    answer: Answer, envelope: str | None, attempts: int, made: bool
) -> Result:
    """Return the Result of a success.

    :param made: the call creates by its nature; otherwise status 201 says so
    """
    data = answer.data or {}
    record = record_of(data, envelope)
    return Result(
        status=answer.status,
        data=data,
        record=record,
        id=id_of(record),
        created=made or answer.status == 201,
        attempts=attempts,
        request_id=answer.request_id,
    )
