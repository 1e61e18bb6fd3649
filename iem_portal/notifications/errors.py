"""What a channel says when a message could not be sent: try again, or never mind."""


class TemporaryFailure(Exception):
    """The receiver may take it later: it is tried again after a pause."""


class PermanentFailure(Exception):
    """It will never be taken (no such address, no such channel): it is put aside loudly."""
