"""What a container keeps in its memory between requests: a test begins in one that is new."""

from chalicelib.core.memory import forget_all as forget

__all__ = ["forget"]
