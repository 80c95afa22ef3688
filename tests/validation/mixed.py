"""Files that both `absah` and pyHanko worked on: `mixed.py ABSAH FOLDER`.

Writes PDFs and manifest.json: name -> verdict, modification of the first signature, how
many signatures and document time-stamps there are; roots.pem holds both anchors. What
one does honestly on top of the other must raise no alarm; what he must not do must.
"""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives import serialization

import foreign
import reference


class Ours:
    """The command, with the authority of an instance."""

    def __init__(self, program: str, folder: Path) -> None:
        self.program, self.folder = program, folder
        self.data = folder / "data"

    def sign(self, data: bytes, *arguments: str) -> bytes:
        source, out = self.folder / "in.pdf", self.folder / "out.pdf"
        source.write_bytes(data)
        subprocess.run(
            [self.program, "sign", source, "-o", out, "--data", self.data, "--invisible",
             "--level", "b-lta", *arguments], check=True)
        return out.read_bytes()

    def root(self) -> bytes:
        return (self.data / "authority" / "root.pem").read_bytes()


async def cases(authority, ours: Ours, base: bytes) -> dict:
    data = lambda file: reference.with_validation_data(authority, file)
    stamp = lambda file: reference.with_document_timestamp(authority, file)
    signed = ours.sign(base)
    theirs = await stamp(data(await foreign.sign(authority, base, "First")))
    second = data(await foreign.sign(authority, signed, "Second"))
    open_ = foreign.fields.MDPPerm.FILL_FORMS
    certified = data(await foreign.sign(authority, base, "First", certify=open_))
    valid = lambda file, modification, signatures, stamps: (
        file, "unknown_valid", modification, signatures, stamps)
    illegal = lambda file, signatures, stamps: (file, "invalid", "illegal", signatures, stamps)
    return {
        # pyHanko on top of ours.
        "ours": valid(signed, "lta", 1, 1),
        "ours-data": valid(data(signed), "lta", 1, 1),
        "ours-stamped": valid(await stamp(data(signed)), "lta", 1, 2),
        "ours-filled": valid(foreign.updated(signed, foreign.fill), "form_filling", 1, 1),
        "ours-second": valid(second, "form_filling", 2, 1),
        "ours-second-stamped": valid(await stamp(second), "form_filling", 2, 2),
        "ours-new-field": valid(
            data(await foreign.sign(authority, signed, "Third")), "form_filling", 2, 1),
        "ours-visible": illegal(
            data(await foreign.sign(authority, signed, "Third", box=(10, 10, 90, 60))), 2, 1),
        "ours-annotated": illegal(foreign.updated(signed, foreign.annotate), 1, 1),
        "ours-retitled": illegal(foreign.updated(signed, foreign.retitle), 1, 1),
        # Ours on top of pyHanko's.
        "theirs": valid(ours.sign(theirs), "form_filling", 2, 2),
        "theirs-certified": valid(ours.sign(certified), "form_filling", 2, 1),
        "theirs-twice": valid(ours.sign(ours.sign(theirs)), "form_filling", 3, 3),
        "theirs-and-back": valid(await stamp(data(ours.sign(theirs))), "form_filling", 2, 3),
        "theirs-filled": valid(
            foreign.updated(ours.sign(theirs), foreign.fill), "form_filling", 2, 2),
        "theirs-annotated": illegal(foreign.updated(ours.sign(theirs), foreign.annotate), 2, 2),
    }


async def main() -> None:
    program, folder = sys.argv[1], Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    authority, ours = reference.Authority(), Ours(program, folder)
    manifest = {}
    for form, base in foreign.bases().items():
        if form in ("stream", "pikepdf"):
            # Their like is there with object streams, or linearized.
            continue
        for name, (data, verdict, modification, signatures, stamps) in (
                await cases(authority, ours, base)).items():
            (folder / f"{form}-{name}.pdf").write_bytes(data)
            manifest[f"{form}-{name}"] = {
                "verdict": verdict, "modification": modification,
                "signatures": signatures, "stamps": stamps}
    pem = authority.root.certificate.public_bytes(serialization.Encoding.PEM)
    (folder / "roots.pem").write_bytes(pem + ours.root())
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1))


if __name__ == "__main__":
    asyncio.run(main())
