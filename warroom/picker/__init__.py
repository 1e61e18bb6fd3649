"""Choosing a metric of the board from what an account really has."""
