"""Game days: the same board, runbook and escalations, rehearsed against trouble in the simulated AWS."""
