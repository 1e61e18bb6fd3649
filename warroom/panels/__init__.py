"""What each tile of the board shows: functions of (engagement, now) that return plain context."""
