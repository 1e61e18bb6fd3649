"""What AWS already knows: quotas, resources, alarms, asked for and offered as suggestions."""
