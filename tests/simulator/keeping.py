"""What survives a restart of the simulator: the account, and what was on its way.

A real account forgets nothing because it could not be reached for a moment.
"""

import contextlib
import pickle

from . import importing


def lifespan(sim, file):
    """Starlette's lifespan: begin with what is in `file`, if it is there; keep it there
    in the end."""

    @contextlib.asynccontextmanager
    async def span(_application):
        if file.exists():
            recall(sim, file.read_bytes())
        yield
        part = file.with_name(f"{file.name}.part")
        part.write_bytes(kept(sim))
        part.replace(file)

    return span


def kept(sim):
    """Everything, as bytes. Requests that are still open then get no answer."""
    return pickle.dumps(
        {
            "account": sim.account.frozen(),
            "frozen": sim.frozen,
            "options": sim.options.as_dict(),
            "limits": sim.limits,
            "faults": sim.faults,
            "journal": (sim.journal.number, sim.journal.entries),
            "attempts": sim.deliveries.attempts,
            "waiting": sim.deliveries.stop(),
        }
    )


def recall(sim, data):
    """Be again as at the time of `kept`; what was on its way goes on.

    Needs the running loop, in which imports are processed.
    """
    held = pickle.loads(data)
    sim.account.thaw(held["account"])
    sim.options.change(held["options"])
    sim.frozen, sim.limits, sim.faults = held["frozen"], held["limits"], held["faults"]
    sim.journal.number, sim.journal.entries = held["journal"]
    sim.deliveries.attempts += held["attempts"]
    for delivery in held["waiting"]:
        known = sim.account.get("webhooks", delivery.webhook.get("id"))
        delivery.webhook = known or delivery.webhook
        sim.deliveries.send(delivery)
    _import(sim)


def _import(sim):
    """Process the imports that were accepted and not yet done."""
    for batch in sim.account.imports.values():
        if batch["status"] != importing.COMPLETED:
            send = sim.deliveries.send
            latency = sim.options.import_latency
            sim.later(latency, importing.process, sim.account, batch, send)
