"""Opening hours, and everything that is counted in open time."""
