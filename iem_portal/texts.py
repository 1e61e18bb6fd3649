"""Can a text from outside be kept at all?"""


def can_be_kept(text: str) -> bool:
    """False for a NUL, which PostgreSQL refuses, and for half of a surrogate pair, which is no character."""
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)
