"""The ways a message can leave the portal: one module per channel, found by the registry."""
