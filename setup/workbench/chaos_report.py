"""The figures of a chaos and what is wrong afterwards, for people."""

from collections import Counter
from dataclasses import dataclass, field

from .chaos_end import Calm
from .chaos_people import DONE, UNCERTAIN
from .chaos_stage import Stage
from .chaos_verdict import Verdict

SHOWN = 20
RETRIES = {
    "calls repeated at once": " at attempt ",
    "jobs found dead and taken again": "Re-queued dead job",
}
"""What the servers' log says of each."""
FAILED = "SELECT COALESCE(sum(count), 0) FROM ac_error_log WHERE binding_id IS NOT NULL"


@dataclass
class Report:
    """`rows` are figures `(label, value)`, `findings` what is wrong by kind; `idle`
    names what should have happened and never did, `evidence` says more of what is lost."""

    findings: dict[str, list[str]]
    rows: list[tuple[str, object]] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)
    evidence: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong, although everything was tried."""
        return not (any(self.findings.values()) or self.idle)

    @property
    def text(self) -> str:
        """All of it, a line each."""
        rows = [*self.rows, *((kind, len(all_)) for kind, all_ in self._wrong())]
        lines = [f"  {label:44}{value:>10}" for label, value in rows]
        for kind, found in self._wrong():
            lines += [f"{kind}: {line}" for line in found[:SHOWN]]
        return "\n".join([*lines, *self.evidence])

    def _wrong(self) -> list[tuple[str, list[str]]]:
        return [*self.findings.items(), ("never happened", self.idle)]


def reported(
    stage: Stage,
    verdict: Verdict,
    tallies: dict[str, Counter],
    calm: Calm,
) -> Report:
    """Put the figures together.

    :param tallies: ``{who: how often each deed was done, or nobody knows}``
    :param calm: how it came to its end
    """
    faults = _faults(verdict)
    attempts = stage.simulator.control.deliveries()
    rows = [
        *_deeds(tallies),
        ("requests", len(verdict.log["entries"])),
        ("  while it went wrong", calm.requests),
        ("  at most in a second", verdict.log["max_per_second_seen"]),
        ("  imports at most in a minute", verdict.imports_in_a_minute()),
        ("faults of the account", sum(faults.values())),
        *((f"  {kind}", number) for kind, number in sorted(faults.items())),
        ("webhooks attempted", len(attempts)),
        ("  of what was delivered before", sum(each["again"] for each in attempts)),
        *_retries(stage),
        *((f"asked: {what}", number) for what, number in sorted(calm.asked.items())),
        *(
            (f"reconciled: {what}", number)
            for what, number in sorted(calm.found.items())
        ),
    ]
    never = [
        f"{who}: {deed}"
        for who, tally in tallies.items()
        for deed in sorted({deed for deed, _how in tally})
        if not tally[deed, DONE]
    ]
    return Report(verdict.findings(), rows, never, verdict.evidence)


def _deeds(tallies: dict[str, Counter]) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = []
    for who, tally in tallies.items():
        done = sum(n for (_deed, how), n in tally.items() if how == DONE)
        uncertain = sum(n for (_deed, how), n in tally.items() if how == UNCERTAIN)
        rows.append((who, done))
        rows += [("  broken off, perhaps done", uncertain)] if uncertain else []
        names = sorted({deed for deed, _how in tally})
        rows += [(f"  {name}", tally[name, DONE]) for name in names]
    return rows


def _faults(verdict: Verdict) -> Counter:
    """How many requests went wrong on purpose, by kind."""
    return Counter(e["fault"] for e in verdict.log["entries"] if e["fault"])


def _retries(stage: Stage) -> list[tuple[str, object]]:
    log = stage.account.server.log.read_text(errors="replace")
    ((failed,),) = stage.account.sql(FAILED)
    rows: list[tuple[str, object]] = [
        (label, log.count(words)) for label, words in RETRIES.items()
    ]
    rows.append(("tries of records that failed", failed))
    most = sum(int(number) for _label, number in rows)
    return [("retries", most), *((f"  {label}", n) for label, n in rows)]
