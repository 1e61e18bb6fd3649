"""Files that belong to an answer."""
