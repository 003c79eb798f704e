"""A seal of nobody's for `make run` and the tests: a key made on this machine, with a certificate that it signed
itself. What is sealed with it says so, and no program that reads it takes it for a city's.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from infra.local.stack import Aws

FROM = "/stormloop/seal"
NAME = "Stormloop on this machine, self-signed"
VALID = timedelta(days=5 * 365)


def self_signed(name: str = NAME, since: datetime | None = None) -> tuple[str, str]:
    """Key and certificate as PEM; `since`: from when on it holds, from an hour ago unless told."""
    key = ec.generate_private_key(ec.SECP256R1())
    of = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = since or datetime.now(UTC) - timedelta(hours=1)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(of)
        .issuer_name(of)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + VALID)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private.decode(), certificate.public_bytes(Encoding.PEM).decode()


def keep(aws: Aws, home: Path) -> None:
    """This machine's own, made once, where the function looks for it."""
    file = home / "seal"
    if not file.exists():
        file.touch(0o600)
        file.write_text(json.dumps(self_signed()))
    ssm = aws.client("ssm")
    for name, value in zip(("key", "certificates"), json.loads(file.read_text()), strict=True):
        ssm.put_parameter(Name=f"{FROM}/{name}", Value=value, Type="SecureString", Overwrite=True)
