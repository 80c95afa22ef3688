"""Signs with pyHanko and changes the result with pyHanko: `foreign.py FOLDER`.

Writes root.pem, one PDF per case and manifest.json: per case the verdict and the
modification of the first signature that a validator must come to. What another
producer does honestly must raise no alarm; what he must not do must.
"""

import asyncio
import io
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pikepdf
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils import generic, writer
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign import fields, signers

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "independent"))
import reference  # noqa: E402


def document(stream_xrefs: bool) -> bytes:
    """A page with text, a text field and an empty signature field."""
    out = writer.PdfFileWriter(stream_xrefs=stream_xrefs)
    content = RawContent(b"BT /F1 12 Tf 72 720 Td (Izin usaha) Tj ET", BoxConstraints(595, 842))
    resources = generic.DictionaryObject({pdf_name("/Font"): generic.DictionaryObject({
        pdf_name("/F1"): generic.DictionaryObject({
            pdf_name("/Type"): pdf_name("/Font"), pdf_name("/Subtype"): pdf_name("/Type1"),
            pdf_name("/BaseFont"): pdf_name("/Helvetica")})})})
    stream = out.add_object(generic.StreamObject(stream_data=content.render()))
    page = writer.PageObject(contents=stream, media_box=(0, 0, 595, 842), resources=resources)
    page_ref = out.insert_page(page)
    text = generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/Widget"),
        pdf_name("/FT"): pdf_name("/Tx"), pdf_name("/T"): generic.pdf_string("Note"),
        pdf_name("/V"): generic.pdf_string("old"), pdf_name("/F"): generic.NumberObject(4),
        pdf_name("/Rect"): generic.ArrayObject(map(generic.FloatObject, (72, 600, 272, 620))),
        pdf_name("/P"): page_ref,
    })
    text_ref = out.add_object(text)
    out.register_annotation(page_ref, text_ref)
    out.root["/AcroForm"] = out.add_object(generic.DictionaryObject({
        pdf_name("/Fields"): generic.ArrayObject([text_ref])}))
    buffer = io.BytesIO()
    out.write(buffer)
    update = IncrementalPdfFileWriter(buffer)
    fields.append_signature_field(update, fields.SigFieldSpec("Second", box=(300, 100, 400, 160)))
    update.write_in_place()
    return buffer.getvalue()


def linearized(data: bytes) -> bytes:
    """As qpdf writes it for the web."""
    with tempfile.TemporaryDirectory() as folder:
        plain, out = Path(folder) / "plain.pdf", Path(folder) / "linearized.pdf"
        plain.write_bytes(data)
        subprocess.run(["qpdf", "--linearize", plain, out], check=True)
        return out.read_bytes()


def rewritten(data: bytes, **options) -> bytes:
    """As pikepdf saves what it opened."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, **options)
    return out.getvalue()


def bases() -> dict:
    """One document as several producers lay it out."""
    table, streams = document(False), document(True)
    generate = pikepdf.ObjectStreamMode.generate
    return {
        "table": table,
        "stream": streams,
        "linearized": linearized(table),
        "linearized-streams": linearized(rewritten(streams, object_stream_mode=generate)),
        "pikepdf": rewritten(table),
        "pikepdf-streams": rewritten(table, object_stream_mode=generate, linearize=False),
    }


async def sign(authority, data: bytes, name: str, *, stamped: bool = True, certify=None,
               subfilter=fields.SigSeedSubFilter.PADES, box=None) -> bytes:
    signer = signers.SimpleSigner(
        signing_cert=authority.signatory.asn1(), signing_key=authority.signatory.asn1_key(),
        cert_registry=authority.store())
    metadata = signers.PdfSignatureMetadata(
        field_name=name, md_algorithm="sha256", subfilter=subfilter, certify=certify is not None,
        docmdp_permissions=certify or fields.MDPPerm.FILL_FORMS)
    update = IncrementalPdfFileWriter(io.BytesIO(data))
    stamper = authority.stamper(authority.tsa) if stamped else None
    spec = fields.SigFieldSpec(name, box=box) if box else None
    pdf_signer = signers.PdfSigner(metadata, signer=signer, timestamper=stamper, new_field_spec=spec)
    return (await pdf_signer.async_sign_pdf(update)).getvalue()


def updated(data: bytes, edit) -> bytes:
    update = IncrementalPdfFileWriter(io.BytesIO(data))
    edit(update)
    out = io.BytesIO()
    update.write(out)
    return out.getvalue()


def fill(update) -> None:
    field = update.root["/AcroForm"]["/Fields"].raw_get(0)
    field.get_object()["/V"] = generic.pdf_string("new")
    update.mark_update(field.reference)


def annotate(update) -> None:
    page = update.root["/Pages"]["/Kids"].raw_get(0)
    note = update.add_object(generic.DictionaryObject({
        pdf_name("/Type"): pdf_name("/Annot"), pdf_name("/Subtype"): pdf_name("/FreeText"),
        pdf_name("/Contents"): generic.pdf_string("Lain"),
        pdf_name("/Rect"): generic.ArrayObject(map(generic.FloatObject, (0, 0, 500, 800)))}))
    update.register_annotation(page, note)


def retitle(update) -> None:
    update.set_info(update.add_object(generic.DictionaryObject({
        pdf_name("/Title"): generic.pdf_string("Lain")})))


async def cases(authority, base: bytes) -> dict:
    data = lambda signed: reference.with_validation_data(authority, signed)
    stamp = lambda file: reference.with_document_timestamp(authority, file)
    one = data(await sign(authority, base, "First"))
    archive = await stamp(one)
    level = fields.MDPPerm
    certified = data(await sign(authority, base, "First", certify=level.FILL_FORMS))
    final = data(await sign(authority, base, "First", certify=level.NO_CHANGES))
    open_ = data(await sign(authority, base, "First", certify=level.ANNOTATE))
    adbe = data(await sign(authority, base, "First", subfilter=fields.SigSeedSubFilter.ADOBE_PKCS7_DETACHED))
    return {
        "b-b": (await sign(authority, base, "First", stamped=False), "indeterminate", "none"),
        "b-t": (await sign(authority, base, "First"), "indeterminate", "none"),
        "b-b-data": (data(await sign(authority, base, "First", stamped=False)), "unknown_valid", "lta"),
        "one": (one, "unknown_valid", "lta"),
        "archive": (archive, "unknown_valid", "lta"),
        "renewed": (await stamp(data(archive)), "unknown_valid", "lta"),
        "adbe": (adbe, "unknown_valid", "lta"),
        "second": (await sign(authority, archive, "Second"), "unknown_valid", "form_filling"),
        "second-new": (await sign(authority, archive, "Third"), "unknown_valid", "form_filling"),
        "second-visible": (await sign(authority, one, "Third", box=(10, 10, 90, 60)),
                           "unknown_valid", "form_filling"),
        "certified": (await stamp(certified), "unknown_valid", "lta"),
        "certified-second": (await stamp(data(await sign(authority, certified, "Second"))),
                             "unknown_valid", "form_filling"),
        "certified-new": (await sign(authority, certified, "Third"), "unknown_valid", "form_filling"),
        "certified-filled": (updated(certified, fill), "unknown_valid", "form_filling"),
        "filled": (updated(one, fill), "unknown_valid", "form_filling"),
        "final": (await stamp(final), "unknown_valid", "lta"),
        "certified-visible": (await sign(authority, certified, "Third", box=(10, 10, 90, 60)),
                              "invalid", "illegal"),
        "final-filled": (updated(final, fill), "invalid", "illegal"),
        "annotated": (updated(one, annotate), "invalid", "illegal"),
        "certified-annotated": (updated(certified, annotate), "invalid", "illegal"),
        "open-annotated": (updated(open_, annotate), "indeterminate", "annotations"),
        "retitled": (updated(one, retitle), "invalid", "illegal"),
        "revoked": (reference.with_validation_data(authority, await sign(authority, base, "First"), revoked=True),
                    "indeterminate", "lta"),
    }


async def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    authority = reference.Authority()
    pem = authority.root.certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "root.pem").write_bytes(pem)
    manifest = {}
    for form, base in bases().items():
        for name, (data, verdict, modification) in (await cases(authority, base)).items():
            (folder / f"{form}-{name}.pdf").write_bytes(data)
            manifest[f"{form}-{name}"] = {"verdict": verdict, "modification": modification}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1))


if __name__ == "__main__":
    asyncio.run(main())
