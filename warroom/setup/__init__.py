"""Getting an account ready to be read: role and External ID, probes, budget and ledger, the door for events."""
