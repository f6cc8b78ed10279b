"""Conversations to take along: as text, on paper, as a table."""
