"""A pytest plugin that writes how a run ended into the file $AC_TALLY, and its reader."""

import json
import os
from pathlib import Path

# In the order and words of pytest's own summary line.
KINDS = ("failed", "passed", "skipped", "deselected", "xfailed", "xpassed", "error")


def pytest_terminal_summary(terminalreporter) -> None:
    """Write the counts of this run."""
    stats = terminalreporter.stats
    counts = {kind: len(stats[kind]) for kind in KINDS if stats.get(kind)}
    Path(os.environ["AC_TALLY"]).write_text(json.dumps(counts))


def read(file: Path, status: int) -> dict[str, int]:
    """The counts in `file`; a run that broke off without any is one error.

    `status` is pytest's exit status; 0 passed, 1 failures, 5 no tests.
    """
    counts = json.loads(file.read_text()) if file.exists() else {}
    broken = (
        status not in (0, 5) and not counts.get("failed") and not counts.get("error")
    )
    return {**counts, "error": 1} if broken else counts


def total(tallies: list[dict[str, int]]) -> dict[str, int]:
    """The sums of `tallies`, kind by kind."""
    return {
        kind: count for kind in KINDS if (count := sum(t.get(kind, 0) for t in tallies))
    }


def summary_line(counts: dict[str, int], seconds: float, width: int = 80) -> str:
    """What pytest prints at the end of a run: `===== 2 passed in 0.10s =====`."""
    parts = [f"{count} {_word(kind, count)}" for kind, count in counts.items()]
    text = ", ".join(parts) or "no tests ran"
    return f" {text} in {seconds:.2f}s ".center(width, "=")


def exit_status(counts: dict[str, int]) -> int:
    """pytest's: 1 with a failure or an error, 5 when no test ran, else 0."""
    if counts.get("failed") or counts.get("error"):
        return 1
    ran = sum(count for kind, count in counts.items() if kind != "deselected")
    return 0 if ran else 5


def _word(kind: str, count: int) -> str:
    return "errors" if kind == "error" and count > 1 else kind
