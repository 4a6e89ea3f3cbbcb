"""A template with its values comes in, then how often it is to be filled, line by line; the CPU time goes out.

python docxtpl_engine.py TEMPLATE VALUES    (with whichever docxtpl stands first on the path)
"""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path


def main(template: str, values: str) -> None:
    from docxtpl import DocxTemplate

    content, given = Path(template).read_bytes(), json.loads(Path(values).read_text("utf-8"))
    for line in sys.stdin:
        start = time.process_time()
        for _ in range(int(line)):
            word = DocxTemplate(io.BytesIO(content))
            word.render(given, autoescape=True)
            word.save(io.BytesIO())
        print((time.process_time() - start) * 1000, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
