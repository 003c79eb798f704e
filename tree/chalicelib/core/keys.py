"""The keys of a deployment: a setting for each purpose, so that who learns one of them cannot do what another is for.

A setting is `id:secret`, or several of them with commas between. The first signs, and what any of them signed holds: so
a key is changed without ending what was signed (docs/deploy.md). The id is for people: it says which key a deployment
has, and nothing of it.

Settings are the environment, so a function's configuration: a rush starts hundreds of containers at once, and none of
them may wait for a service that hands out secrets, or be refused by it.
"""

import hmac


def derived(setting: str, purpose: str) -> list[bytes]:
    """Each key of the setting as 32 bytes for this purpose alone, so that what is signed for one purpose cannot be used
    for another (the idea of NIST SP 800-108). Raises ValueError, which repeats nothing of the setting."""
    found = [one.partition(":")[::2] for one in setting.split(",")]
    if not all(key_id and secret for key_id, secret in found) or len({key_id for key_id, _ in found}) < len(found):
        raise ValueError("keys are written id:secret, with commas between, and no id twice")
    return [hmac.digest(secret.encode(), purpose.encode(), "sha256") for _, secret in found]
