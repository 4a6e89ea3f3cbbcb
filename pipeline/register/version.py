"""The version of the tables: apart, so that a register can be recognised without all that writes it."""

# A release that changes the tables, or the rules by which time limits are kept in them, counts this up and says in
# `migrations.py` how an older register is brought up to it.
VERSION = 2
