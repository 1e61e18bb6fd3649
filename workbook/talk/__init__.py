"""What people say to each other about a section, a row or a cell."""
