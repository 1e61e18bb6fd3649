"""What is quiet on the board, and how a signal becomes an escalation."""
