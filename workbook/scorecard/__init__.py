"""Red, yellow or green by written rules; freezes, their differences, sign-off and reminders."""
