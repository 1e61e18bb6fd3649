"""Live updates: announce on the write side, one hub per web process, one stream per page."""

from iem_portal.live.announce import announce, announce_many

__all__ = ["announce", "announce_many"]
