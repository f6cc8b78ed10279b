"""What the API and the pages share: who is asking, from where, and how that is remembered."""
