"""Seals PDFs with the city's key: the function `Seal`, which is there where the template is told where that key is.

Asked without a PDF it answers who seals:
    {"subject": str, "issuer": str, "is_self_signed": bool, "from": ISO time, "until": ISO time, "certificate": SHA-256}
Asked with {"pdf": Base64, "certificate": SHA-256 as it was told, "reason": str} it answers {"pdf": Base64}: the same
file with a signature behind it (PAdES B-B), which allows no change. {"refused": "another-certificate"}: the key was
changed since, so what the file says of its seal may be wrong. {"refused": "expired"}: its certificate's time is over,
or has not begun.

The key and its certificates are two parameters of SSM, as PEM: read when the function starts, and kept nowhere else.
"""

import base64
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

from asn1crypto import x509
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "Seal"


@dataclass(frozen=True)
class Seal:
    """A key and its certificates, the key's own one first."""

    key: Any
    certificates: tuple[x509.Certificate, ...]

    @property
    def own(self) -> x509.Certificate:
        return self.certificates[0]

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.own.dump()).hexdigest()

    def described(self) -> dict[str, Any]:
        return {
            "subject": self.own.subject.human_friendly,
            "issuer": self.own.issuer.human_friendly,
            "is_self_signed": self.own.subject == self.own.issuer,
            "from": self.own.not_valid_before.isoformat(),
            "until": self.own.not_valid_after.isoformat(),
            "certificate": self.fingerprint,
        }

    def is_valid(self, now: datetime) -> bool:
        return bool(self.own.not_valid_before <= now <= self.own.not_valid_after)

    def sealed(self, pdf: bytes, reason: str) -> bytes:
        known = SimpleCertificateStore()
        known.register_multiple(self.certificates)
        signer = signers.SimpleSigner(signing_cert=self.own, signing_key=self.key, cert_registry=known)
        said = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            name=self.own.subject.native.get("common_name", self.own.subject.human_friendly),
            reason=reason,
        )
        target = BytesIO()
        signers.PdfSigner(said, signer=signer, new_field_spec=SigFieldSpec(FIELD)).sign_pdf(
            IncrementalPdfFileWriter(BytesIO(pdf)), output=target
        )
        return target.getvalue()


def read(key: bytes, certificates: bytes) -> Seal:
    """From PEM. Raises ValueError, which repeats nothing of the key."""
    try:
        found = Seal(load_private_key_from_pemder_data(key, None), tuple(load_certs_from_pemder_data(certificates)))
    except (OSError, TypeError, ValueError):
        raise ValueError("the seal's key or its certificates are no PEM that can be read") from None
    if not found.certificates:
        raise ValueError("the seal has no certificate")
    return found


def handle(event: Mapping[str, str], context: object = None) -> dict[str, Any]:
    seal = _seal()
    if "pdf" not in event:
        return seal.described()
    if event["certificate"] != seal.fingerprint:
        return {"refused": "another-certificate"}
    if not seal.is_valid(datetime.now(UTC)):
        return {"refused": "expired"}
    pdf = seal.sealed(base64.b64decode(event["pdf"]), event["reason"])
    return {"pdf": base64.b64encode(pdf).decode()}


@lru_cache
def _seal() -> Seal:
    import boto3  # noqa: PLC0415 Lambda brings it; the tests of `Seal` do without

    names = [f"{os.environ['SEAL_FROM']}/{name}" for name in ("key", "certificates")]
    found = boto3.client("ssm").get_parameters(Names=names, WithDecryption=True)
    by_name = {one["Name"]: one["Value"].encode() for one in found["Parameters"]}
    if missing := [name for name in names if name not in by_name]:
        raise ValueError(f"SSM has no parameter {' and no '.join(missing)}")
    return read(*(by_name[name] for name in names))
