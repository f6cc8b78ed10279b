"""How files are read: every format, and every way in which a file can be bad."""
