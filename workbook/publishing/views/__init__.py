"""The pages of templates: what a newer version changes, and where administrators make templates."""
