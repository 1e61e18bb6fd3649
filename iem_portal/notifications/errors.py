"""What a channel says when a message could not be sent: try again, or never mind."""


class TemporaryFailure(Exception):
    """The receiver may take it later: it is tried again after a pause, of `retry_after_s` seconds at least."""

    def __init__(self, words: str = "", *, retry_after_s: float = 0.0):
        super().__init__(words)
        self.retry_after_s = retry_after_s


class PermanentFailure(Exception):
    """It will never be taken (no such address, no such channel): it is put aside loudly."""


class Gone(PermanentFailure):
    """The address itself has ended (a browser that took its permission back): it is not used again."""


class ActRefused(Exception):
    """An act from a message is not possible (any more); the words say why, in the person's language."""
