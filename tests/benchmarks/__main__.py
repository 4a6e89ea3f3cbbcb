"""The parts of the benchmark that are named are run, all where none is; tables in Markdown go out.

python -m tests.benchmarks [readers] [rendering] [job] [growth] [start] [due] [rebuild]
"""

from __future__ import annotations

import sys
import tempfile

from tests.benchmarks import due, growth, job, readers, rebuild, rendering, start
from tests.benchmarks.figures import print_machine

PARTS = {
    "readers": readers.main,
    "rendering": rendering.main,
    "job": job.main,
    "growth": growth.main,
    "start": start.main,
    "due": due.main,
    "rebuild": rebuild.main,
}


def main(names: list[str]) -> None:
    print_machine()
    with tempfile.TemporaryDirectory() as tempfile.tempdir:
        for name in names or PARTS:
            PARTS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
