"""The times and sizes that streams are held to, in one place."""

HEARTBEAT_S = 5.0  # each says how old the last look at the database is; a page is stale 12 s after that look
PUSH_INTERVAL_S = 0.25  # at most four pushes a second for each topic: nobody reads faster
LOOK_S = 2.0  # a look at the versions whatever the feed says: it makes a lost announcement harmless
POLL_S = 0.25  # without Redis
SWEEP_S = 5.0
SLOW_CLIENT_S = 20.0  # a send that waits longer than this is given up
LIFETIME_S = 600.0  # rights are checked again at the latest after this, +- 20 %
LIFETIME_SPREAD = 0.2
RETRY_MS = 500  # the base of every later reconnect delay in htmx 4
BYE_RETRY_MS = (500, 3000)  # spreads the return after a restart
STREAMS_PER_USER = 20
STREAMS_PER_PROCESS = 4000
