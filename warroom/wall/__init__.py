"""The board on a screen that everybody looks at and nobody signs in to."""
