"""Answers without a model: the documents' own sentences."""
