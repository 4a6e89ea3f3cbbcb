"""The commands: each takes its arguments, wires what it needs, and gives an exit code."""
