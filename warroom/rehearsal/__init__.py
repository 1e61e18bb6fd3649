"""A rehearsal beside the plan and the real run, step by step."""
