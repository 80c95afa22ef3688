"""Asks pyHanko and pdfsig about the vectors: `observe.py FOLDER [pyhanko]`.

Reads manifest.json, where each case names its file, its anchor and the time at which it
is judged (and perhaps OCSP responses and CRLs beside it), and writes observed.json: per
case what the two said, in a word or two; with `pyhanko`, that one alone. No network is used.
"""

import json
import logging
import os
import re
import resource
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from pathlib import Path

from asn1crypto import crl as asn1_crl
from asn1crypto import ocsp as asn1_ocsp
from pyhanko.keys import load_certs_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko_certvalidator import ValidationContext

# What one file may cost a validator that knows no bounds of its own.
SECONDS = 15
MEMORY = 2 << 30


def context(reader: PdfFileReader, roots: list, moment: datetime, beside: dict) -> ValidationContext:
    options = beside | {
        "trust_roots": roots, "allow_fetching": False, "revocation_mode": "require",
        "moment": moment, "best_signature_time": moment, "retroactive_revinfo": True,
    }
    try:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(options)
    except NoDSSFoundError:
        return ValidationContext(**options)


def signature(embedded, make_context) -> str:
    if embedded.sig_object_type == "/DocTimeStamp":
        status = validate_pdf_timestamp(embedded, make_context())
    else:
        status = validate_pdf_signature(embedded, make_context(), make_context())
    sound = status.intact and status.valid and status.trusted
    # Time-stamps have no bottom line.
    if getattr(status, "bottom_line", sound):
        return "valid"
    if not status.intact or not status.valid:
        return "broken"
    if getattr(status, "modification_level", None) is not None and status.modification_level.name == "OTHER":
        return "changed"
    if status.docmdp_ok is False:
        return "forbidden change"
    if not status.trusted:
        return "not trusted"
    return "not valid"


def given(folder: Path, case: dict) -> dict:
    """What is given beside the file."""
    kinds = {"ocsps": asn1_ocsp.OCSPResponse, "crls": asn1_crl.CertificateList}
    return {
        kind: [cls.load((folder / name).read_bytes()) for name in case.get(kind, [])]
        for kind, cls in kinds.items()}


def pyhanko(path: Path, root: Path, at: str, beside: dict) -> str:
    with open(path, "rb") as stream:
        reader = PdfFileReader(stream, strict=False)
        anchors = list(load_certs_from_pemder([str(root)]))
        moment = datetime.fromisoformat(at)
        signatures = reader.embedded_signatures
        if not signatures:
            return "no signature"
        words = [signature(one, lambda: context(reader, anchors, moment, beside)) for one in signatures]
    if all(word == "valid" for word in words):
        return "valid"
    return next(word for word in words if word != "valid")


def pdfsig(path: Path) -> str:
    environment = {**os.environ, "LC_ALL": "C"}
    try:
        said = subprocess.run(
            ["pdfsig", "-nocert", str(path)], capture_output=True, timeout=SECONDS, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return "no answer in time"
    text = (said.stdout + said.stderr).decode("utf-8", "replace")
    found = re.findall(r"Signature Validation: (.*)", text)
    if not found:
        return "no signature" if "does not contain any signatures" in text else "no answer"
    words = {"Signature is Valid.": "valid", "Digest Mismatch.": "broken", "Signature is Invalid.": "broken"}
    words = [words.get(line.strip(), line.strip().rstrip(".").lower()) for line in found]
    whole = "Total document signed" in text
    bad = next((word for word in words if word not in ("valid", "signature has not yet been verified")), None)
    return bad or ("valid" if whole else "valid, part of the file")


class NoAnswer(BaseException):
    """The time is up."""


def time_is_up(*_) -> None:
    raise NoAnswer


def observe(job: tuple) -> tuple:
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    folder, name, case, alone = job
    path = folder / case["file"]
    signal.signal(signal.SIGVTALRM, time_is_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        said = pyhanko(path, folder / case["anchor"], case["at"], given(folder, case))
    except (NoAnswer, MemoryError):
        said = "no answer in time"
    # Whatever a validator trips over is its verdict on the file.
    except Exception as error:  # noqa: BLE001
        said = f"error ({type(error).__name__})"
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return name, {"pyhanko": said} | ({} if alone else {"pdfsig": pdfsig(path)})


def main() -> None:
    folder = Path(sys.argv[1])
    cases = json.loads((folder / "manifest.json").read_text())["cases"]
    alone = sys.argv[2:] == ["pyhanko"]
    jobs = [(folder, name, case, alone) for name, case in cases.items()]
    with ProcessPoolExecutor(2) as pool:
        found = dict(pool.map(observe, jobs, chunksize=8))
    (folder / "observed.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
