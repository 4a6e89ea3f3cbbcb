"""`python -m pipeline` does what the command `pipeline` does."""

import sys

from pipeline.cli import main

sys.exit(main())
