"""Bulk import: an asynchronous batch with limits of its own (OAS bulk-import-contacts)."""

import time

from .. import importing
from ..errors import Refused

MOST_CONTACTS, MOST_BYTES = 250, 400_000
NOT_VALID = (
    "JSON payload did not pass validation. Please fix failure Reasons and retry. "
    "The import was not queued for processing."
)


def bulk_import(call):
    """POST /import/bulk_import: 200 and a batch id; every refusal is a 400."""
    contacts = call.body.get("contacts") if isinstance(call.body, dict) else None
    check_size(call, contacts)
    check_rate(call, len(contacts))
    reasons = [
        {"contact": index, "failureReason": reason}
        for index, row in enumerate(contacts, call.options.import_index_base)
        for reason in importing.mistakes(row, call.options.import_strict)
    ]
    if reasons:
        raise refused(NOT_VALID, reasons)
    batch = queue(call, contacts)
    return 200, {
        "Success": 1,
        "queued_contacts": len(contacts),
        "batchId": batch["id"],
        "message": "Contact import queued",
    }


def refused(message, reasons):
    """400 as every refusal of an import."""
    return Refused(400, {"success": 0, "message": message, "failureReasons": reasons})


def check_size(call, contacts):
    """At most 250 contacts and less than 400,000 bytes, at least one contact."""
    if not isinstance(contacts, list) or not contacts:
        raise refused(NOT_VALID, [{"failureReason": "'contacts' is a required field."}])
    if len(contacts) > MOST_CONTACTS:
        text = f"Up to {MOST_CONTACTS} contacts may be included in a request."
        raise refused(NOT_VALID, [{"failureReason": text}])
    if call.size >= MOST_BYTES:
        text = f"The request must be smaller than {MOST_BYTES} bytes."
        raise refused(NOT_VALID, [{"failureReason": text}])


def check_rate(call, count):
    """100 imports a minute, 20 with a single contact; above it a 400, not a 429."""
    limits = call.sim.limits
    if limits.take_import(time.monotonic(), count):
        return
    most = limits.single_imports_per_minute if count == 1 else limits.imports_per_minute
    text = (
        f"Up to {most} imports may be requested per minute."
        "Please batch contacts into larger requests, or retry this request in a minute."
    )
    raise refused("Rate limit exceeded.", [text])


def queue(call, contacts):
    """A batch that is processed in the background after the import latency."""
    batch = {
        "id": call.account.guid(),
        "status": call.options.import_pending_status,
        "success": [],
        "failure": [],
        "_contacts": contacts,
        "_callback": call.body.get("callback") or {},
        "_date": call.account.iso()[:10],
    }
    call.account.imports[batch["id"]] = batch
    send = call.sim.deliveries.send
    latency = call.options.import_latency
    call.sim.later(latency, importing.process, call.account, batch, send)
    return batch


def info(call):
    """GET /import/info?batchId=: ids that went in, e-mails that did not."""
    number = call.param("batchId")
    if not number:
        raise Refused(400, {"success": 0, "message": "'batchId' is a required field."})
    batch = call.account.imports.get(number)
    if batch is None:
        raise Refused(400, {"success": 0, "message": "Unknown 'batchId'."})
    return 200, {name: batch[name] for name in ("status", "success", "failure")}


def outstanding(call):
    """GET /import/bulk_import: numbers of batches and contacts by day, as strings."""
    batches = call.account.imports.values()
    done = [batch for batch in batches if batch["status"] == importing.COMPLETED]
    waiting = [batch for batch in batches if batch["status"] != importing.COMPLETED]
    return 200, {"outstanding": by_day(waiting), "recentlyCompleted": by_day(done)}


def by_day(batches):
    """`[{"forDate", "batches", "contacts"}]`."""
    days = {}
    for batch in batches:
        count, contacts = days.get(batch["_date"], (0, 0))
        days[batch["_date"]] = count + 1, contacts + len(batch["_contacts"])
    return [
        {"forDate": day, "batches": str(count), "contacts": str(contacts)}
        for day, (count, contacts) in days.items()
    ]


ROUTES = [
    ("POST", "/import/bulk_import", bulk_import),
    ("GET", "/import/bulk_import", outstanding),
    ("GET", "/import/info", info),
]
