"""How every form of a run ended comes in; a table for the screen goes out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.results import Result

_WIDTH = 120  # where the output is not a screen


def print_table(results: Iterable[Result], outbox: Path) -> None:
    """What came in, what was decided, and where each document lies."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH)
    table = Table(box=box.SIMPLE_HEAD, title_justify="left", expand=False)
    for heading in ("What came in", "Case", "Score", "What was decided", f"Documents in {outbox}"):
        table.add_column(heading, overflow="fold")
    for result in results:
        name = f"{result.file}, {result.sheet}" if result.sheet else result.file
        table.add_row(*map(Text, (name, result.case or "", _score(result), _decided(result), _documents(result))))
    console.print(table if table.row_count else "Nothing in the inbox.")


def _score(result: Result) -> str:
    return str(result.examined.score.total) if result.examined and result.examined.score else ""


def _decided(result: Result) -> str:
    if result.outcome == "accepted":
        label = getattr(result.believed, "band_label", "Complex Case Panel")
        return label if result.documents else f"{label} (history)"
    if result.outcome == "returned":
        first = next((p for p in result.problems if p.severity == "return"), None)
        return f"returned: {first.what}" if first else "returned"
    return result.outcome


def _documents(result: Result) -> str:
    """The folder once, then the names in it."""
    if not result.documents:
        return ""
    folder = result.documents[0].path.rpartition("/")[0]
    return "\n".join([f"{folder}/", *(f"  {d.path.rpartition('/')[2]}" for d in result.documents)])
