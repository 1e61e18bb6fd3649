"""Who is told when, and who said that they have it."""
