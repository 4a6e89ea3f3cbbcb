"""The checks that hold every document that the program writes: schema, accessibility, least data, round trip."""
