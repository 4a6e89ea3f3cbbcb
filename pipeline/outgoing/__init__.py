"""Decision → documents → outbox."""
