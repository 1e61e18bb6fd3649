"""Any past event once more: the board's state at an instant, rebuilt from what was only ever added."""
