"""PDF: what is painted on pages, turned back into text that somebody once wrote."""
