"""How a conversation becomes a PDF.

Runs in a process of its own, since laying out thousands of lines in Python would hold up every
socket; knows nothing of the rest of the house.
"""
