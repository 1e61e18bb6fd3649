"""Who is here, and in which cell."""
