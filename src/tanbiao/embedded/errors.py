"""What can go wrong with the embedded server, and what to do about it."""

from tanbiao.words import TanbiaoError


class DatabaseError(TanbiaoError):
    """The embedded database cannot be used; says why and what to do."""
