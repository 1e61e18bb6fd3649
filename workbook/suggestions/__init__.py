"""Answers that somebody, or AWS itself, proposes and somebody else accepts."""
