"""The log of a conversation, who wrote it, who is told of it, and what hangs on it."""
