"""Signs with pyHanko under an authority made for the run: `reference.py IN.pdf FOLDER`.

The outputs prove that the validators of this folder tell good from bad before
anything of ours is judged by them, and are a foreign producer's signatures for
our own verifier. Writes root.pem, other-root.pem, and per case one PDF:
b-b, b-t, b-lt, b-lta, revoked, tsa-eku.
"""

import asyncio
import io
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.validation import dss
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

NOW = datetime.now(timezone.utc).replace(microsecond=0)


class Party:
    """A key and its certificate."""

    def __init__(self, name: str, issuer: "Party | None" = None, *, ca: bool = False,
                 usages: list | None = None, responder: bool = False) -> None:
        # pyHanko's in-process timestamper knows RSA only.
        stamps = name.endswith("TSA")
        self.key = rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(ec.SECP256R1())
        self.issuer = issuer or self
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name(self.issuer.name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - timedelta(days=2))
            .not_valid_after(NOW + timedelta(days=1000))
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(self.issuer.key.public_key()), critical=False)
            .add_extension(x509.KeyUsage(not ca, not ca and not usages, False, False, False, ca, ca, False, False),
                           critical=True)
        )
        if issuer and not responder:
            # pyHanko reads embedded OCSP responses only where the certificate names a responder.
            address = x509.UniformResourceIdentifier("http://127.0.0.1:9/ocsp")
            access = x509.AccessDescription(x509.oid.AuthorityInformationAccessOID.OCSP, address)
            builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
        if issuer:
            # pdfsig takes NSS's last error, even "extension not found", for the verdict:
            # it wants CRL distribution points, and a purpose of the signatory.
            point = x509.DistributionPoint(
                [x509.UniformResourceIdentifier("http://127.0.0.1:9/crl")], None, None, None)
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        if usages or (issuer and not ca):
            usages = usages or [ExtendedKeyUsageOID.EMAIL_PROTECTION]
            builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=True)
        if responder:
            builder = builder.add_extension(x509.OCSPNoCheck(), critical=False)
        self.certificate = builder.sign(self.issuer.key, hashes.SHA256())

    def asn1(self) -> asn1_x509.Certificate:
        return asn1_x509.Certificate.load(self.certificate.public_bytes(serialization.Encoding.DER))

    def asn1_key(self) -> asn1_keys.PrivateKeyInfo:
        return asn1_keys.PrivateKeyInfo.load(self.key.private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


class Authority:
    """Root, issuing CA, OCSP responders, two time-stamping authorities, a signer."""

    def __init__(self) -> None:
        self.root = Party("Reference Root", ca=True)
        self.issuing = Party("Reference Issuing CA", self.root, ca=True)
        self.root_responder = Party("Reference Root OCSP", self.root,
                                    usages=[ExtendedKeyUsageOID.OCSP_SIGNING], responder=True)
        self.responder = Party("Reference OCSP", self.issuing,
                               usages=[ExtendedKeyUsageOID.OCSP_SIGNING], responder=True)
        self.tsa = Party("Reference TSA", self.issuing, usages=[ExtendedKeyUsageOID.TIME_STAMPING])
        self.wrong_tsa = Party("Reference Wrong TSA", self.issuing, usages=[ExtendedKeyUsageOID.CODE_SIGNING])
        self.signatory = Party("Reference Signatory", self.issuing)

    def ocsp(self, subject: Party, responder: Party, revoked: bool = False) -> asn1_ocsp.OCSPResponse:
        status = ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD
        reason = x509.ReasonFlags.key_compromise if revoked else None
        response = (
            ocsp.OCSPResponseBuilder()
            .add_response(
                cert=subject.certificate, issuer=subject.issuer.certificate, algorithm=hashes.SHA1(),
                cert_status=status, this_update=NOW, next_update=NOW + timedelta(days=7),
                revocation_time=NOW - timedelta(days=1) if revoked else None, revocation_reason=reason)
            .responder_id(ocsp.OCSPResponderEncoding.HASH, responder.certificate)
            .certificates([responder.certificate])
            .sign(responder.key, hashes.SHA256())
        )
        return asn1_ocsp.OCSPResponse.load(response.public_bytes(serialization.Encoding.DER))

    def responses(self, revoked: bool) -> list:
        return [
            self.ocsp(self.issuing, self.root_responder),
            self.ocsp(self.signatory, self.responder, revoked),
            self.ocsp(self.tsa, self.responder),
            self.ocsp(self.wrong_tsa, self.responder),
        ]

    def store(self) -> SimpleCertificateStore:
        store = SimpleCertificateStore()
        store.register_multiple([p.asn1() for p in (self.issuing, self.root, self.responder, self.root_responder)])
        return store

    def stamper(self, tsa: Party) -> timestamps.DummyTimeStamper:
        return timestamps.DummyTimeStamper(tsa.asn1(), tsa.asn1_key(), certs_to_embed=self.store())


async def sign(authority: Authority, data: bytes, tsa: Party | None) -> bytes:
    signer = signers.SimpleSigner(
        signing_cert=authority.signatory.asn1(), signing_key=authority.signatory.asn1_key(),
        cert_registry=authority.store())
    metadata = signers.PdfSignatureMetadata(
        field_name="Reference", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES)
    stamper = authority.stamper(tsa) if tsa else None
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    pdf_signer = signers.PdfSigner(metadata, signer=signer, timestamper=stamper)
    return (await pdf_signer.async_sign_pdf(writer)).getvalue()


def with_validation_data(authority: Authority, data: bytes, revoked: bool = False) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    parties = [authority.root, authority.issuing, authority.responder, authority.root_responder,
               authority.signatory, authority.tsa]
    dss.DocumentSecurityStore.supply_dss_in_writer(
        writer, sig_contents=None, certs=[p.asn1() for p in parties], ocsps=authority.responses(revoked))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


async def with_document_timestamp(authority: Authority, data: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    stamper = signers.PdfTimeStamper(authority.stamper(authority.tsa))
    return (await stamper.async_timestamp_pdf(writer, md_algorithm="sha256")).getvalue()


async def main() -> None:
    source, folder = Path(sys.argv[1]).read_bytes(), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    authority = Authority()
    for name, party in {"root": authority.root, "other-root": Party("Another Root", ca=True),
                        "tsa": authority.tsa, "issuing": authority.issuing}.items():
        pem = party.certificate.public_bytes(serialization.Encoding.PEM)
        (folder / f"{name}.pem").write_bytes(pem)
    b = await sign(authority, source, None)
    t = await sign(authority, source, authority.tsa)
    lt = with_validation_data(authority, t)
    files = {
        "b-b": b,
        "b-t": t,
        "b-lt": lt,
        "b-lta": await with_document_timestamp(authority, lt),
        "revoked": with_validation_data(authority, t, revoked=True),
        "tsa-eku": with_validation_data(authority, await sign(authority, source, authority.wrong_tsa)),
    }
    for name, data in files.items():
        (folder / f"{name}.pdf").write_bytes(data)


if __name__ == "__main__":
    asyncio.run(main())
