"""Templates with values come in; how long each engine takes to fill one goes out, and how long packing alone takes."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from pipeline.outgoing.archive import Beginning, Entry, archive, as_entry, entry, written
from pipeline.outgoing.documents import Document
from pipeline.outgoing.templates import Templates
from tests.benchmarks.figures import Turn, here, interleaved, print_table, spread, times_as_fast
from tests.benchmarks.packs import full_case
from tests.benchmarks.their_tags import converted
from tests.offices import TEMPLATES

HERE = Path(__file__).parent
SCRATCH = Path("build", "bench").absolute()  # what others need is installed here and nowhere else
RUST = "rust-docxtpl==0.1.2"
NODE = ("docxtemplater@3.71.0", "pizzip@3.3.0", "easy-template-x@7.2.8")
_ROUNDS = 20


def main() -> None:
    SCRATCH.mkdir(parents=True, exist_ok=True)
    pack = full_case()
    for template in ("Action plan", "Notification letter"):
        _compare(next(d for d in pack if d.template == template))


def _compare(document: Document) -> None:
    """No picture is replaced: not every engine can."""
    template, values = TEMPLATES / f"{document.template}.docx", SCRATCH / "values.json"
    values.write_text(json.dumps(document.context), "utf-8")
    templates, missing = Templates(TEMPLATES), {}
    with ExitStack() as stack:
        turns: dict[str, Turn] = {
            "this program": here(lambda: templates.render(document.template, document.context)),
            "deflating and packing alone, zlib 6": here(_floor(template, templates, document, _by_zlib)),
            "deflating and packing alone, ISA-L 1, as here": here(_floor(template, templates, document, _as_here)),
        }
        for name, commanded in _OTHERS.items():
            try:
                turns[name] = stack.enter_context(_process(*commanded(template, values)))
            except (OSError, subprocess.CalledProcessError) as e:
                missing[name] = "cannot be installed here" if isinstance(e, subprocess.CalledProcessError) else str(e)
        spent = interleaved(turns, _ROUNDS, milliseconds=100)
    rows = [[name, spread(taken), times_as_fast(taken, spent["this program"])] for name, taken in spent.items()]
    rows += [[name, f"not available: {why}", ""] for name, why in missing.items()]
    print_table(
        f"Filling “{document.template}”, ms of CPU for one: median (least to most)",
        ("engine", "one document", "this program is so many times as fast"),
        rows,
        "The last two fill a copy of the template that has their own tags, in node.js; their CPU time counts what its "
        "garbage collector does beside them.",
    )


def _by_zlib(name: str, content: bytes) -> Entry:
    return as_entry(name, 8, zlib.crc32(content), len(content), zlib.compress(content, 6, wbits=-15))


def _as_here(name: str, content: bytes) -> Entry:
    return written(name, content, Beginning(0, 0, b""))


def _floor(
    template: Path, templates: Templates, document: Document, deflated: Callable[[str, bytes], Entry]
) -> Callable[[], bytes]:
    """The parts that change deflated, and packed with the others as they lie in the template."""
    still = _content(template.read_bytes())
    parts = _content(templates.render(document.template, document.context))
    unchanged: list[Entry] = [entry(name, content) for name, content in parts.items() if still[name] == content]
    changing = {name: content for name, content in parts.items() if still[name] != content}
    return lambda: archive([*unchanged, *(deflated(name, content) for name, content in changing.items())])


def _content(docx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(docx)) as source:
        return {name: source.read(name) for name in source.namelist()}


_Command = tuple[Sequence[str], Path]
"""A program that is told on its input how often to fill the template, and the folder with what it needs."""


def _docxtpl(template: Path, values: Path) -> _Command:
    return [sys.executable, str(HERE / "docxtpl_engine.py"), str(template), str(values)], SCRATCH


def _rust_docxtpl(template: Path, values: Path) -> _Command:
    """It refuses to stand beside docxtpl, so it has an environment of its own."""
    folder = SCRATCH / "rust-docxtpl"
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True, capture_output=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", RUST]
        subprocess.run(pip, check=True, capture_output=True)
    return [str(python), *_docxtpl(template, values)[0][1:]], folder


def _node(template: Path, values: Path, dialect: str) -> _Command:
    folder = SCRATCH / "node"
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise OSError("node.js is not installed")
    if not (folder / "node_modules").exists():
        folder.mkdir(exist_ok=True)
        npm = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), *NODE]
        subprocess.run(npm, check=True, capture_output=True)
    theirs = SCRATCH / f"{template.stem} for {dialect}.docx"
    theirs.write_bytes(converted(template.read_bytes(), dialect))
    filled = SCRATCH / f"{template.stem} by {dialect}.docx"
    return ["node", str(HERE / "engines.mjs"), dialect, str(theirs), str(values), str(filled)], folder


_OTHERS: dict[str, Callable[[Path, Path], _Command]] = {
    "docxtpl": _docxtpl,
    "rust-docxtpl": _rust_docxtpl,
    "docxtemplater": lambda template, values: _node(template, values, "docxtemplater"),
    "easy-template-x": lambda template, values: _node(template, values, "easy-template-x"),
}


@contextmanager
def _process(command: Sequence[str], folder: Path) -> Iterator[Turn]:
    """An engine in a process of its own, which stays warm between its turns and says what each took."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        to, back = program.stdin, program.stdout
        assert to and back

        def turn(times: int) -> float:
            print(times, file=to, flush=True)
            return float(back.readline())

        yield turn
        to.close()
