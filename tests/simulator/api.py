"""A thin hand on the API of a running simulator, for its own tests."""

import time

import requests


class Api:
    """The API of a running simulator with its key; answers are `requests` answers."""

    def __init__(self, simulator):
        self.base = f"{simulator.url}/api/3"
        self.control = simulator.control
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Api-Token"] = simulator.api_key

    def call(self, method, path, body=None, **options):
        """Send a request; `body` is JSON."""
        options.setdefault("timeout", 30)
        return self.session.request(method, self.base + path, json=body, **options)

    def get(self, path, **params):
        """GET with query parameters; the parsed answer."""
        return self.call("GET", path, params=params).json()

    def post(self, path, body, **options):
        """POST of a JSON body."""
        return self.call("POST", path, body, **options)

    def put(self, path, body):
        """PUT of a JSON body."""
        return self.call("PUT", path, body)

    def delete(self, path, **params):
        """DELETE."""
        return self.call("DELETE", path, params=params)

    def new_contact(self, email="ada@example.com", **values):
        """The id of a contact made by `contact/sync`."""
        answer = self.post("/contact/sync", {"contact": {"email": email} | values})
        return answer.json()["contact"]["id"]

    def import_contacts(self, *contacts, **more):
        """Import contacts; the information about the finished batch."""
        answer = self.post("/import/bulk_import", {"contacts": list(contacts)} | more)
        return self.finished(answer.json()["batchId"])

    def finished(self, batch):
        """Information about a batch as soon as it is completed."""
        while True:
            found = self.get("/import/info", batchId=batch)
            if found["status"] == "completed":
                return found
            time.sleep(0.01)

    def new_webhook(self, url, *events, **more):
        """The id of a webhook for these events from all sources."""
        values = {"name": "hook", "url": url, "events": list(events)} | more
        return self.post("/webhooks", {"webhook": values}).json()["webhook"]["id"]
