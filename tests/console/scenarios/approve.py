"""From reading to the issued permit by one gesture: with a passkey that opens the key itself, and
with one that needs a passphrase beside it. A file that is not the one listed stops the page."""

import hashlib
import importlib.util
import urllib.request
from pathlib import Path

from playwright.sync_api import expect

SECRET = "kuda laut berlari di padang"


def read(person, document):
    person.open(f"/console/documents/{document['id']}")
    person.page.get_by_role("button", name="Sudah saya baca").click()


def ready(office, client, reviewer, number):
    """A document that its reviewer has read and approved."""
    document = office.submit(client, "SIPB", number)
    review = {"tier": 1, "decision": "approve", "sha256": document["submitted"]["sha256"]}
    office.api("POST", f"/api/v1/documents/{document['id']}/reviews", reviewer["key"], review)
    return document


def independent():
    """The program that checks an approval without this system."""
    path = Path(__file__).parents[3] / "docs" / "verify_approval.py"
    spec = importlib.util.spec_from_file_location("verify_approval", path)
    program = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(program)
    return program


def prove(office, client, document):
    """The evidence bundle shows the approval, and a changed one does not."""
    address = office.url.replace("localhost", "127.0.0.1")
    path = f"{address}/api/v1/documents/{document['id']}/evidence"
    request = urllib.request.Request(path, headers={"Authorization": f"Bearer {client}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        bundle = answer.read()
    program = independent()
    hashed = lambda text: hashlib.sha256(text).hexdigest()
    entry = {
        "document": "01a20169-2e00-7303-8303-030303030303",
        "submitted": hashed(b"file"),
        "digest": [5] * 32,
    }
    vector = {
        "key": list(b"key"),
        "certificate": hashed(b"certificate"),
        "nonce": [7] * 32,
        "expires": "2026-11-22T04:05:00Z",
        "entries": [entry],
    }
    layout = (Path(program.__file__).parent / "approval.md").read_text()
    assert program.challenge(vector).hex() in layout
    assert len(program.check(bundle)) == 1
    honest = program.challenge
    for member, value in (("nonce", [0] * 32), ("key", [0]), ("expires", "2026-11-22T04:05:00Z")):
        program.challenge = lambda approval: honest({**approval, member: value})
        try:
            program.check(bundle)
        except AssertionError as error:
            assert "another challenge" in str(error)
        else:
            raise AssertionError(f"{member} is not part of what was approved")


def run(office):
    client = office.client()
    reviewer = office.register("Budi Santoso, S.E.", "reviewer")
    head = office.register("Dra. Siti Aminah, M.Si.", "signatory")
    office.permit_type("SIPB", ["Dra. Siti Aminah, M.Si."], tiers=["Budi Santoso, S.E."])
    first, second, third = (ready(office, client, reviewer, f"503/{n}") for n in (1, 2, 3))

    signatory = office.visitor()
    signatory.enrol(head["invitation"])
    for document in (first, second):
        read(signatory, document)
    page = signatory.open(f"/console/documents/{first['id']}")
    page.get_by_role("button", name="Setujui dokumen ini saja").click()
    expect(page.get_by_role("heading", name="Setujui 1 dokumen")).to_be_visible()
    signatory.pictures("approval")
    page.get_by_role("button", name="Setujui dengan passkey").click()
    page.wait_for_url("**/console/approvals/0*")
    office.issued(client, first["id"])
    prove(office, client, first)
    page.reload()
    expect(page.get_by_text("1 / 1 terbit")).to_be_visible()
    signatory.pictures("approved")

    # A page whose list was tampered with asks for no gesture.
    page = signatory.open(f"/console/documents/{second['id']}")
    page.get_by_role("button", name="Setujui dokumen ini saja").click()
    entry = page.locator("[data-document]")
    digest = entry.get_attribute("data-digest")
    entry.evaluate("(one) => { one.dataset.digest = '00'.repeat(32) }")
    page.get_by_role("button", name="Setujui dengan passkey").click()
    expect(page.get_by_text("Berhenti: sebuah berkas")).to_be_visible()
    entry.evaluate("(one, digest) => { one.dataset.digest = digest }", digest)
    page.route("**/files/*", lambda route: route.fulfill(body=b"%PDF-1.7 another"))
    page.get_by_role("button", name="Setujui dengan passkey").click()
    expect(page.get_by_text("Berhenti: sebuah berkas")).to_be_visible()
    page.unroute("**/files/*")
    signatory.picture("approval-differs")
    page.get_by_role("button", name="Setujui dengan passkey").click()
    office.issued(client, second["id"])
    signatory.leave()

    # A device without PRF: the key is sealed under a passphrase, and the page says so.
    deputy = office.register("Drs. Agus Salim", "signatory")
    office.permit_type("SIPB", ["Drs. Agus Salim"], tiers=["Budi Santoso, S.E."])
    other = office.visitor(prf=False, size="phone")
    other.enrol(deputy["invitation"], secret=SECRET)
    read(other, third)
    page = other.open(f"/console/documents/{third['id']}")
    page.get_by_role("button", name="Setujui dokumen ini saja").click()
    page.get_by_role("button", name="Setujui dengan passkey").click()
    field = page.get_by_label("Sandi kunci tanda tangan")
    field.fill("salah sama sekali")
    other.pictures("approval-passphrase")
    page.get_by_role("button", name="Setujui dengan passkey").click()
    expect(page.get_by_text("Sandi salah. Tidak ada")).to_be_visible()
    field.fill(SECRET)
    page.get_by_role("button", name="Setujui dengan passkey").click()
    office.issued(client, third["id"])
    other.leave()
