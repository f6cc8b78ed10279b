"""How a file becomes passages. Knows nothing else of the house, runs in a process of its own.

    python -m app.reading < request.json

Whatever a document does to its reader, a stack that overflows or a memory that runs out, it does
to that process alone.
"""
