"""The pages of readiness: the scorecard, what is missing, freezes, exemptions and reminders."""
