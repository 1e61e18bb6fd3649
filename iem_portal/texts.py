"""Can a text from outside be kept at all?"""


def can_be_kept(text: str) -> bool:
    """False for a NUL, which PostgreSQL refuses, and for half of a surrogate pair, which is no character."""
    if "\x00" in text:
        return False
    try:
        text.encode()  # one pass in C: every text of every request is asked this
    except UnicodeEncodeError:
        return False
    return True
