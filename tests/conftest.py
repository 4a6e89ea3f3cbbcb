"""How many cases the property tests try: 50 on every change, 500 where HYPOTHESIS_PROFILE=nightly."""

from __future__ import annotations

import os

from hypothesis import settings

# The first case of a session builds caches and strategies; a deadline would only measure that.
settings.register_profile("ci", max_examples=50, deadline=None)
settings.register_profile("nightly", max_examples=500, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
