"""Form → assessment → score → decision: pure rules, without files, database, clock or Office library."""
