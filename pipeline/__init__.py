"""Completed safeguarding forms come in; draft plans, reports and letters go out."""

__version__ = "0.1.0"
