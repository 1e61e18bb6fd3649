"""The people of the war room: who is on duty now and next, who is here, and who takes over."""
