"""What an organization decides about its widget, and where that has been seen."""
