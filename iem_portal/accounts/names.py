"""How a person's name is shortened to the two letters of an avatar."""


def initials(name: str) -> str:
    """Two letters: "Seo Yuna" gives SY, "백지훈" gives 백지."""
    words = name.split()
    if len(words) > 1:
        return (words[0][0] + words[-1][0]).upper()
    return name[:2].upper()
