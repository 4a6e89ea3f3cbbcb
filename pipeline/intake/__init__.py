"""File → form: what a dropped file says, not yet believed."""
