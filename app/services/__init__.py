"""The domain: verbs on nouns. Services know no request, and only they commit."""
