# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What one step of an audit has found, and how it is said."""

from dataclasses import dataclass

LINES_PER_STEP = 100
"""So many differences of one step are listed; all are counted."""

WAITING, UNSENT, UNHEARD, CONFLICT = "waiting", "unsent", "unheard", "conflict"
HELD, LOST, DELETED, FOREIGN = "held", "lost", "deleted", "foreign"
"""Why something differs; see `CAUSES` of ``ac.audit.line``."""


@dataclass(frozen=True)
class Check:
    """One number of both sides.

    `label` what is counted: a name, or a key of ``ac.audit.line``'s words

    :ivar object: name in `mapping.registry.OBJECTS`
    :ivar measure: ``count`` or ``value`` (units of `currency`)
    :ivar info: what is told without being compared
    """

    object: str
    label: str
    here: float
    there: float
    measure: str = "count"
    currency: str = ""
    info: bool = False


@dataclass(frozen=True)
class Found:
    """One difference: `unit` is what differs for the engine, `label` its name, or a key of
    ``ac.audit.line``'s words; `here`
    and `there` are texts for people; `event` what the inbox is told by a repair; `sampled`: a value of the
    sample."""

    object: str
    remote_id: str
    res_id: int
    cause: str
    label: str
    unit: str = ""
    here: str = ""
    there: str = ""
    event: dict | None = None
    sampled: bool = False


@dataclass(frozen=True)
class Step:
    """`at`: where the phase goes on, None at its end; `more`: differences that are
    counted and not listed; `compared` values of `sampled` records."""

    at: dict | None
    checks: tuple = ()
    found: tuple = ()
    more: int = 0
    compared: int = 0
    sampled: int = 0


def veiled(text):
    """Return a person's value so that two can be told apart and nobody be recognised."""
    text = str(text or "")
    if len(text) < 5:
        return "•" * len(text)
    return f"{text[0]}{'•' * (len(text) - 3)}{text[-2:]}"


def cause_of(state, otherwise):
    """Return why something differs as far as a link's state tells, else `otherwise`."""
    if state == "synced":
        return otherwise
    return HELD if state in ("skipped", "dead") else WAITING


def touched(remote_id):
    """Return the event that has the inbox read a contact; it names nobody."""
    return {"type": "update", "initiated_from": "odoo", "contact": {"id": remote_id}}
