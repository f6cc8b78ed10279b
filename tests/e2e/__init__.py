"""A real server process, a real browser, the real wire protocols."""
