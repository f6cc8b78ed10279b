"""Word documents: a ZIP archive of XML parts. Both are looked at before they are opened."""
