"""Keys of the proofs that families uploaded, in the bucket of papers.

A key follows from the declaration, so that whoever has that one finds the object, also where a crash left it unsaid.
"""

from chalicelib.core.bucket import client, unless_away

__all__ = ["client", "key", "unless_away"]


def key(family_id: str, declaration_id: str) -> str:
    return f"{family_id}/{declaration_id}"
