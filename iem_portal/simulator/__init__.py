"""Simulated AWS: a process of its own that speaks the AWS wire protocols; nobody imports it, all talk HTTP to it."""
