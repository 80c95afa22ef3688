"""Asks pyHanko about signed PDFs: jobs as JSON on stdin, verdicts as JSON on stdout.

A job is {"file", "roots": [paths], "revocation": bool, "crls": [paths],
"ocsps": [paths], "extract": folder or null}. The time of validation is now. No network is used: what a validator needs beyond the
anchors must be in the file. With "extract", timestamp tokens, what they cover,
OCSP responses, CRLs and certificates are written out for the openssl command.
"""

import asyncio
import hashlib
import json
import logging
import sys
from dataclasses import fields
from datetime import timezone
from pathlib import Path

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import pem
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY
from pyhanko.sign.validation import async_validate_pdf_timestamp
from pyhanko.sign.validation.ades import (
    ades_basic_validation,
    ades_lta_validation,
    ades_with_time_validation,
)
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import (
    NO_REVOCATION,
    REQUIRE_REVINFO,
    CertRevTrustPolicy,
    FreshnessReqType,
)
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer
from pyhanko_certvalidator.registry import SimpleTrustManager


def knowledge(store, job: dict) -> LocalKnowledge:
    """What the document security store brings along, and what the job knows beside."""
    crls = [Path(path).read_bytes() for path in job["crls"]]
    ocsps = [Path(path).read_bytes() for path in job["ocsps"]]
    if store is not None:
        crls += [stream.get_object().data for stream in store.crls]
        ocsps += [stream.get_object().data for stream in store.ocsps]
    return LocalKnowledge(
        known_crls=[CRLContainer(asn1_crl.CertificateList.load(der)) for der in crls],
        known_ocsps=[
            container
            for der in ocsps
            for container in OCSPContainer.load_multi(asn1_ocsp.OCSPResponse.load(der))
        ],
        known_certs=list(store.load_certs()) if store is not None else [])


def specification(roots: list, revocation: bool, known: LocalKnowledge) -> PdfSignatureValidationSpec:
    if revocation:
        policy = CertRevTrustPolicy(
            REQUIRE_REVINFO, freshness=None,
            freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION)
    else:
        policy = CertRevTrustPolicy(NO_REVOCATION)
    certificates = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=roots), revinfo_policy=policy)
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            cert_validation_policy=certificates,
            local_knowledge=known,
            revinfo_gathering_policy=RevocationInfoGatheringSpec(RevinfoOnlineFetchingRule.LOCAL_ONLY)),
        diff_policy=DEFAULT_DIFF_POLICY)


def security_store(reader: PdfFileReader) -> DocumentSecurityStore | None:
    try:
        return DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return None


def level(signature, store, stamped_after: bool) -> str:
    """The level by what is in the file; whether it is valid is asked apart."""
    has_timestamp = any(True for _ in extract_tst_data_iter(signature.signer_info, signed=False))
    has_data = store is not None and (store.ocsps or store.crls) and store.certs
    if not has_timestamp:
        return "B-B"
    if not has_data:
        return "B-T"
    return "B-LTA" if stamped_after else "B-LT"


def common(signature, status) -> dict:
    return {
        "field": signature.field_name,
        "intact": status.intact,
        "valid": status.valid,
        "trusted": status.trusted,
        "coverage": status.coverage.name if status.coverage else None,
        "modification": status.modification_level.name if status.modification_level else None,
        "doc_mdp_ok": status.docmdp_ok,
        "bottom_line": getattr(status, "bottom_line", None),
    }


async def validated(signature, specification, timing, reached: str):
    """Status and sub-indication by the clause of EN 319 102-1 that fits the level."""
    if reached == "B-LTA":
        result = await ades_lta_validation(signature, specification, timing_info=timing)
        return result, result.api_status
    signature.compute_integrity_info(diff_policy=specification.diff_policy)
    integrity = signature.summarise_integrity_info()
    inner = specification.signature_validation_spec
    digest = signature.compute_digest()
    if reached == "B-B":
        # Basic validation knows no PDF: its status gets what the file's structure says.
        result = await ades_basic_validation(
            signature.signed_data, inner, timing_info=timing, raw_digest=digest)
        known = {f.name: getattr(result.api_status, f.name) for f in fields(result.api_status)}
        return result, PdfSignatureStatus(**(known | integrity))
    result = await ades_with_time_validation(
        signature.signed_data, inner, timing_info=timing, raw_digest=digest,
        status_cls=PdfSignatureStatus, extra_status_kwargs=integrity)
    return result, result.api_status


async def judge_signature(signature, specification, timing, store, stamped_after) -> dict:
    reached = level(signature, store, stamped_after)
    result, status = await validated(signature, specification, timing, reached)
    verdict = {
        "kind": "signature",
        "ades": f"{result.ades_subindic.status.name}/{result.ades_subindic.standard_name}",
        "level": reached,
        "sub_filter": str(signature.sig_object.get("/SubFilter", "")),
        "failure": result.failure_msg,
        "timestamp_trusted": None,
    }
    if status is None:
        return verdict | {"field": signature.field_name, "bottom_line": False}
    if status.timestamp_validity is not None:
        stamp = status.timestamp_validity
        verdict["timestamp_trusted"] = stamp.intact and stamp.valid and stamp.trusted
    return verdict | common(signature, status)


async def judge_timestamp(signature, roots, store, revocation) -> dict:
    options = {
        "trust_roots": roots,
        "allow_fetching": False,
        "revocation_mode": "require" if revocation else "soft-fail",
    }
    context = store.as_validation_context(options) if store else ValidationContext(**options)
    status = await async_validate_pdf_timestamp(signature, context)
    return {"kind": "document_timestamp", "level": None, "ades": None} | common(signature, status)


async def judge(job: dict) -> dict:
    with open(job["file"], "rb") as stream:
        # Strict reading refuses hybrid files as such, and Office writes no others.
        reader = PdfFileReader(stream, strict=False)
        roots = list(load_certs_from_pemder(job["roots"]))
        timing = ValidationTimingInfo.now(timezone.utc)
        store = security_store(reader)
        stamps = [s.signed_revision for s in reader.embedded_timestamp_signatures]
        signatures = []
        for signature in reader.embedded_signatures:
            if signature.sig_object_type == "/DocTimeStamp":
                verdict = await judge_timestamp(signature, roots, store, job["revocation"])
            else:
                after = any(revision > signature.signed_revision for revision in stamps)
                spec = specification(roots, job["revocation"], knowledge(store, job))
                verdict = await judge_signature(signature, spec, timing, store, after)
            signatures.append(verdict)
        answer = {"signatures": signatures, "error": None}
        if job.get("extract"):
            answer["extracted"] = extract(reader, store, Path(job["extract"]))
        return answer


def extract(reader, store, folder: Path) -> dict:
    folder.mkdir(parents=True, exist_ok=True)
    written = {"tokens": [], "ocsps": [], "crls": [], "certificates": []}

    def write(name: str, data: bytes) -> str:
        (folder / name).write_bytes(data)
        return str(folder / name)

    data = Path(reader.stream.name).read_bytes()
    known = {}
    for index, signature in enumerate(reader.embedded_signatures):
        for certificate in [signature.signer_cert, *signature.other_embedded_certs]:
            known[certificate.sha256] = certificate
        if signature.sig_object_type == "/DocTimeStamp":
            start, length, second, rest = (int(n) for n in signature.byte_range)
            covered = data[start:start + length] + data[second:second + rest]
            # The hole is larger than the token; openssl wants the token alone.
            token = signature.pkcs7_content
            pairs = [(token, covered)]
        else:
            value = signature.signer_info["signature"].native
            pairs = []
            for attribute in signature.signer_info["unsigned_attrs"] or []:
                if attribute["type"].native == "signature_time_stamp_token":
                    pairs += [(token.dump(), value) for token in attribute["values"]]
        for number, (token, covered) in enumerate(pairs):
            written["tokens"].append({
                "token": write(f"{index}-{number}.tst", der_alone(token)),
                "data": write(f"{index}-{number}.data", covered),
            })
    for index, response in enumerate(store.ocsps if store else []):
        der = response.get_object().data
        parsed = asn1_ocsp.OCSPResponse.load(der)
        serial = parsed.response_data["responses"][0]["cert_id"]["serial_number"].native
        written["ocsps"].append({"response": write(f"{index}.ocsp", der), "serial": f"{serial:X}"})
    for index, revoked in enumerate(store.crls if store else []):
        written["crls"].append(write(f"{index}.crl", revoked.get_object().data))
    for certificate in store.load_certs() if store else []:
        known[certificate.sha256] = certificate
    for certificate in known.values():
        name = hashlib.sha256(certificate.dump()).hexdigest()[:16] + ".pem"
        written["certificates"].append({
            "path": write(name, pem.armor("CERTIFICATE", certificate.dump())),
            "serial": f"{certificate.serial_number:X}",
            "subject": certificate.subject.human_friendly,
            "subject_hash": certificate.subject.sha256.hex(),
            "issuer_hash": certificate.issuer.sha256.hex(),
        })
    return written


def der_alone(data: bytes) -> bytes:
    """The first DER element of `data`, without what fills the hole after it."""
    first = data[1]
    if first < 0x80:
        return data[:2 + first]
    count = first & 0x7F
    return data[:2 + count + int.from_bytes(data[2:2 + count], "big")]


async def answer(job: dict) -> dict:
    try:
        return await judge(job)
    # Whatever a validator trips over is its verdict on the file.
    except Exception as error:  # noqa: BLE001
        return {"signatures": [], "error": f"{type(error).__name__}: {error}"}


async def main() -> None:
    logging.disable(logging.CRITICAL)
    json.dump([await answer(job) for job in json.load(sys.stdin)], sys.stdout, indent=1)


if __name__ == "__main__":
    asyncio.run(main())
