"""Template words of the war room."""
