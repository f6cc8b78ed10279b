"""Letters and the outbox that carries them."""
