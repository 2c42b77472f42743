"""Start the simulator from a test and steer it."""

import contextlib
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import requests


class SimulatorControl:
    """One method per control of a running simulator at `url`."""

    def __init__(self, url):
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False

    def _call(self, method, path, values=None, params=None):
        answer = self.session.request(
            method, f"{self.url}/_sim/{path}", json=values, params=params, timeout=60
        )
        if not answer.ok:
            raise ValueError(f"{path}: {answer.text}")
        return answer.json()

    def reset(self, seed=1, **options):
        """A fresh account; faults, limits and options as in the beginning."""
        return self._call("POST", "reset", {"seed": seed} | options)

    def freeze(self, name=""):
        """Keep the account's state under a name."""
        return self._call("POST", "freeze", {"name": name})

    def thaw(self, name=""):
        """Go back to a kept state."""
        return self._call("POST", "thaw", {"name": name})

    def state(self, *only):
        """Everything the account holds, or only some tables, by id (strings)."""
        return self._call("GET", "state", params={"only": ",".join(only)})

    def counts(self):
        """How many records each table has."""
        return self._call("GET", "counts")

    def log(self, since=0):
        """Requests so far, with the rates; see `journal.Journal.report`."""
        return self._call("GET", "log", params={"since": since})

    def clear_log(self):
        """Forget the log."""
        return self._call("DELETE", "log")

    def faults(self, *rules):
        """Add fault rules (dicts); without one only tell those in force."""
        if rules:
            return self._call("POST", "faults", {"rules": list(rules)})["rules"]
        return self._call("GET", "faults")["rules"]

    def clear_faults(self):
        """No more faults."""
        return self._call("DELETE", "faults")

    def limits(self, **values):
        """Change the rate limits, e.g. `enabled=False`."""
        return self._call("POST", "limits", values)

    def options(self, **values):
        """Change what is not established about the API."""
        return self._call("POST", "options", values)

    def clock(self, offset):
        """Move the account's clock by `offset` seconds."""
        return self._call("POST", "clock", {"offset": offset})

    def seed(self, **numbers):
        """Add so many invented `contacts`, `fields`, `tags`, `lists`, `automations`."""
        return self._call("POST", "seed", numbers)["added"]

    def exclude(self, phrase, match="exact"):
        """Put a phrase on the exclusion list."""
        return self._call(
            "POST", "exclusions", {"matchPhrase": phrase, "matchType": match}
        )

    def act(self, action, /, **values):
        """Do what a person does in the account: open, click, unsubscribe, tag ..."""
        return self._call("POST", f"actions/{action}", values)

    def deliveries(self, settle=True, seconds=30.0):
        """Attempts to deliver webhooks, by default after all have been made."""
        end = time.monotonic() + seconds
        while True:
            answer = self._call("GET", "deliveries")
            if not (settle and answer["pending"]) or time.monotonic() > end:
                return answer["deliveries"]
            time.sleep(0.02)


@dataclass
class RunningSimulator:
    """A simulator that answers: `url` without a trailing slash, key, controls."""

    url: str
    api_key: str
    control: SimulatorControl
    process: subprocess.Popen
    command: list = field(default_factory=list)

    def restart(self, pause=0.0):
        """End it and start it again after `pause` seconds in which nobody answers.

        Its account is the same afterwards if it is kept (see `running_simulator`).
        """
        end(self.process, seconds=60)
        time.sleep(pause)
        self.process = start(self.command)
        wait_until_up(self.control, self.process)


def free_port():
    """A TCP port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running_simulator(api_key="simulator-key", seed=1, port=None, keep=None):
    """A simulator in a process of its own, ended on leaving.

    `keep` is a file that takes the account over a restart.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "simulator", "--port", str(port)]
    command += ["--api-key", api_key, "--seed", str(seed)]
    command += ["--keep", str(keep)] if keep else []
    url = f"http://127.0.0.1:{port}"
    control = SimulatorControl(url)
    simulator = RunningSimulator(url, api_key, control, start(command), command)
    try:
        wait_until_up(control, simulator.process)
        yield simulator
    finally:
        end(simulator.process)


def start(command):
    """Start the process."""
    return subprocess.Popen(command, cwd=Path(__file__).parent.parent)


def end(process, seconds=5):
    """End the simulator, which may be in the middle of a delayed answer."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_up(control, process, seconds=30.0):
    """Return when the simulator answers; a `RuntimeError` when it does not."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(requests.ConnectionError):
            control.options()
            return
        time.sleep(0.05)
    raise RuntimeError("the simulator does not answer")
