"""Fuzzes the readers, guided by coverage: ``python -m tests.fuzz matrix|referral|ours CORPUS -max_total_time=3600``.

The options behind the corpus are libFuzzer's (https://llvm.org/docs/LibFuzzer.html). An input is a row of choices for
tests.fuzz.mutations, not a file, so that a change of one byte is a change of one decision. It goes on after a finding:
the first damaged form for each place that failed is written to tests/fuzz/found, which the tests try again.
Needs atheris, which is there for Linux alone.
"""

from __future__ import annotations

import hashlib
import sys
import traceback
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pipeline"]):
    import pipeline.intake.excel.matrix
    import pipeline.intake.word.word_form  # noqa: F401  read_forms imports the readers late
    from tests.fuzz import readers
    from tests.fuzz.mutations import SEEDS, mutated

FOUND = Path(__file__).parent / "found"


def kind_of(seed: Path) -> str:
    """``ours``: a form that the program writes and people complete."""
    if seed.parent.name == "ours":
        return "ours"
    return "referral" if seed.suffix == ".docx" else "matrix"


def main() -> None:
    kind, *options = sys.argv[1:]
    seeds = [path for path in SEEDS if kind_of(path) == kind]
    known: set[str] = set()

    def one_input(choices: bytes) -> None:
        provider = atheris.FuzzedDataProvider(choices)
        seed = seeds[provider.ConsumeIntInRange(0, len(seeds) - 1)]
        content = mutated(seed, lambda below: provider.ConsumeIntInRange(0, max(below - 1, 0)))
        try:
            readers.read(content, seed.name)
        except BaseException as e:  # noqa: BLE001  a panic inside a library is no Exception
            place = traceback.format_tb(e.__traceback__)[-1]
            if place not in known:
                known.add(place)
                path = FOUND / f"{hashlib.sha256(content).hexdigest()[:12]}{seed.suffix}"
                path.write_bytes(content)
                print(f"FOUND {path.name} {type(e).__name__} at\n{place}", flush=True)

    atheris.Setup([sys.argv[0], *options], one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
