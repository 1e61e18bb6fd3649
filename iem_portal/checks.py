"""Finds wrong settings at start and says what to do about them."""
