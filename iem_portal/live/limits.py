"""The times and sizes that streams are held to, in one place."""

HEARTBEAT_S = 5.0  # a page calls itself stale after 12 s without one, so 15 s always holds
PUSH_INTERVAL_S = 0.25  # at most four pushes a second for each topic: nobody reads faster
REREAD_S = 10.0  # makes a lost announcement harmless
POLL_S = 0.25  # without Redis
TRUTH_S = 20.0  # after so long without a successful look at the database, heartbeats stop
SWEEP_S = 5.0
SLOW_CLIENT_S = 20.0  # a send that waits longer than this is given up
LIFETIME_S = 600.0  # rights are checked again at the latest after this, +- 20 %
LIFETIME_SPREAD = 0.2
RETRY_MS = 500  # the base of every later reconnect delay in htmx 4
BYE_RETRY_MS = (500, 3000)  # spreads the return after a restart
STREAMS_PER_USER = 20
STREAMS_PER_PROCESS = 4000
