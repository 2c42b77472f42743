"""Webhooks on their way: one worker, form-encoded, never retried, 410 deactivates."""

import contextlib
import queue
import threading
import time
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit, urlunsplit

import requests

from .payloads import flatten

GONE = 410
# Events of which `listid` of a webhook is no filter (OAS create-webhook).
NOT_LIST_BOUND = (
    "subscriber_note contact_tag_added contact_tag_removed contact_task_add list_add "
    "sms_sent sms_reply sms_unsub deal_add deal_update deal_note_add deal_pipeline_add "
    "deal_stage_add deal_task_add deal_tasktype_add deal_task_complete account_add "
    "account_update account_contact_add account_contact_update"
).split()


@dataclass
class Delivery:
    """One HTTP request that leaves the account."""

    url: str
    event: str
    body: str
    webhook: dict
    method: str = "POST"
    headers: dict | None = None
    late: bool = False
    again: bool = False
    content_type: str = "application/x-www-form-urlencoded"


def public_part(url):
    """A URL without credentials and query: what may be shown in a log."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, "", ""))


class Deliveries:
    """Sends in order from a background thread and remembers each attempt."""

    def __init__(self, options):
        self.options = options
        self.attempts = []
        self.waiting = queue.Queue()
        self.left = None
        self.worker = threading.Thread(target=self._work, daemon=True)
        self.worker.start()

    def close(self):
        """Let the worker end after what is already waiting."""
        self.waiting.put(None)

    def stop(self):
        """End after the attempt under way; what has not been attempted."""
        self.left = []
        self.close()
        self.worker.join()
        return self.left

    # ------------------------------------------------------------- from the account

    def send_event(self, account, event, source, parts, listid):
        """Queue an event for every webhook that asks for it."""
        envelope = {
            "type": event,
            "date_time": account.iso(),
            "initiated_from": source,
            "initiated_by": source,
            "list": listid,
        }
        wanting = [
            webhook
            for webhook in account["webhooks"].values()
            if wants(webhook, event, source, listid)
        ]
        body = urlencode(flatten(envelope | parts)) if wanting else ""
        for webhook in wanting:
            self._queue(account.random, Delivery(webhook["url"], event, body, webhook))

    def _queue(self, random, delivery):
        """Put in the queue, with the chances of loss, repetition and disorder."""
        if random.random() < self.options.webhook_drop:
            return
        delivery.late = random.random() < self.options.webhook_reorder
        self.waiting.put(delivery)
        if random.random() < self.options.webhook_duplicate:
            self.waiting.put(replace(delivery, again=True))

    def send(self, delivery):
        """Queue a request that is no webhook, such as the callback of an import."""
        self.waiting.put(delivery)

    def pending(self):
        """How many are not yet attempted."""
        return self.waiting.unfinished_tasks

    # ------------------------------------------------------------------- the worker

    def _work(self):
        while (delivery := self.waiting.get()) is not None:
            if self.left is None:
                self._deliver(delivery)
            else:
                self.left.append(delivery)
            self.waiting.task_done()

    def _deliver(self, delivery):
        if delivery.late:
            self._next_one_first()
        self._attempt(delivery)

    def _next_one_first(self):
        """Deliver what comes next, if anything does within a second."""
        with contextlib.suppress(queue.Empty):
            overtaking = self.waiting.get(timeout=1.0)
            if overtaking is None:
                self.waiting.put(None)
            else:
                self._attempt(overtaking)
            self.waiting.task_done()

    def _attempt(self, delivery):
        if delivery.webhook.get("_inactive"):
            return
        time.sleep(self.options.webhook_latency)
        status, error = self._post(delivery)
        if status == GONE:
            delivery.webhook["_inactive"] = True
        self.attempts.append(
            {
                "url": public_part(delivery.url),
                "type": delivery.event,
                "status": status,
                "error": error,
                "t": time.time(),
                "webhook": delivery.webhook.get("id"),
                "again": delivery.again,
            }
        )

    def _post(self, delivery):
        headers = {"Content-Type": delivery.content_type} | (delivery.headers or {})
        try:
            answer = requests.request(
                delivery.method,
                delivery.url,
                data=delivery.body,
                headers=headers,
                timeout=self.options.webhook_timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return 0, type(error).__name__
        return answer.status_code, None


def wants(webhook, event, source, listid):
    """Whether a webhook asks for this event from this source on this list."""
    if webhook.get("_inactive"):
        return False
    if event not in webhook["events"] or source not in webhook["sources"]:
        return False
    bound = webhook["listid"] not in ("", "0") and event not in NOT_LIST_BOUND
    return not bound or webhook["listid"] == str(listid)
