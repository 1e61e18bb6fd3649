"""Links that let somebody without an account fill one section."""
