"""After an approval the live process holds nothing that opens a signatory's key: its whole memory
is read and searched for the private key, what it is sealed under, and what the page sent."""

import hashlib
import os
import re
import sqlite3

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.x509 import load_der_x509_certificate

from scenarios.approve import ready, read

SECRET = "kuda laut berlari di padang rumput"
HEADER = 8 + 2 + 12 + 16 + 12
# Keeps what the authenticator gave: the test alone does this.
SPY = """
const get = navigator.credentials.get.bind(navigator.credentials);
navigator.credentials.get = async (options) => {
  const used = await get(options);
  const prf = used.getClientExtensionResults().prf?.results?.first;
  if (prf) window.heard = Array.from(new Uint8Array(prf));
  return used;
};
"""


def memory(pid):
    """Every private page that can be written, region by region."""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as mem:
        for line in maps:
            start, end, rights = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line).groups()
            if "w" not in rights:
                continue
            start, end = int(start, 16), int(end, 16)
            try:
                mem.seek(start)
                yield mem.read(end - start)
            except OSError:
                continue


def found(needles):
    """Which of the needles are in the service's memory."""
    left = dict(needles)
    for region in memory(os.environ["ABSAH_PID"]):
        left = {name: needle for name, needle in left.items() if needle not in region}
    return set(needles) - set(left)


def stored(office, name):
    """Certificate, sealed key and sealed copies of a person."""
    base = sqlite3.connect(f"file:{office.folder}/data/absah.db?mode=ro", uri=True)
    keys = "SELECT p.id, k.certificate, k.sealed, k.fingerprint FROM signatory_keys k JOIN people p ON p.id = k.person WHERE p.name = ?"
    person, certificate, sealed, fingerprint = base.execute(keys, (name,)).fetchone()
    copies = base.execute(
        "SELECT credential, sealed FROM key_copies WHERE fingerprint = ?", (fingerprint,)
    ).fetchall()
    base.close()
    return person, certificate, sealed, copies


def opened(sealed, kek, context):
    """The private number of a sealed key."""
    header = sealed[:HEADER]
    plain = AESGCM(kek).decrypt(header[-12:], sealed[HEADER:], header + context.encode())
    key = serialization.load_der_private_key(plain, None)
    return key.private_numbers().private_value.to_bytes(32, "big")


def under_passkey(office, name, prf):
    person, certificate, _, [(credential, sealed)] = stored(office, name)
    spki = load_der_x509_certificate(certificate).public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    context = f"signatory/{person}/key/{hashlib.sha256(spki).hexdigest()}/passkey/{credential}"
    salt = sealed[22:38]
    info = b"absah sealed key v1\n" + context.encode()
    kek = HKDF(hashes.SHA256(), 32, salt, info).derive(prf)
    return kek, opened(sealed, kek, context)


def under_passphrase(office, name):
    person, _, sealed, _ = stored(office, name)
    memory_kib, passes, lanes = (int.from_bytes(sealed[at : at + 4], "big") for at in (10, 14, 18))
    kdf = Argon2id(salt=sealed[22:38], length=32, iterations=passes, lanes=lanes, memory_cost=memory_kib)
    kek = kdf.derive(SECRET.encode())
    return kek, opened(sealed, kek, f"signatory/{person}")


def approve(person, document, secret=None):
    read(person, document)
    page = person.open(f"/console/documents/{document['id']}")
    page.get_by_role("button", name="Setujui dokumen ini saja").click()
    page.get_by_role("button", name="Setujui dengan passkey").click()
    if secret:
        page.get_by_label("Sandi kunci tanda tangan").fill(secret)
        page.get_by_role("button", name="Setujui dengan passkey").click()


def run(office):
    client = office.client()
    reviewer = office.register("Budi Santoso, S.E.", "reviewer")
    head = office.register("Dra. Siti Aminah, M.Si.", "signatory")
    deputy = office.register("Drs. Agus Salim", "signatory")
    names = ["Dra. Siti Aminah, M.Si.", "Drs. Agus Salim"]
    office.permit_type("SIPB", names, tiers=["Budi Santoso, S.E."])
    first, second = (ready(office, client, reviewer, f"503/{n}") for n in (1, 2))

    signatory = office.visitor()
    signatory.page.add_init_script(SPY)
    signatory.enrol(head["invitation"])
    approve(signatory, first)
    office.issued(client, first["id"])
    signatory.open("/console/login")
    # The same for every ceremony: once more for the test to hear it.
    salt = hashlib.sha256(b"absah prf salt v1\n" + bytes.fromhex(head["id"].replace("-", "")))
    script = """async (salt) => { await navigator.credentials.get({ publicKey: {
        challenge: new Uint8Array(32), userVerification: 'required',
        extensions: { prf: { eval: { first: Uint8Array.from(salt) } } } } }); return window.heard }"""
    prf = bytes(signatory.page.evaluate(script, list(salt.digest())))
    kek, number = under_passkey(office, names[0], prf)

    other = office.visitor(prf=False)
    other.enrol(deputy["invitation"], secret=SECRET)
    approve(other, second, SECRET)
    office.issued(client, second["id"])
    other_kek, other_number = under_passphrase(office, names[1])

    needles = {
        "private key": number,
        "private key, as OpenSSL lays it out": number[::-1],
        "key-encryption key": kek,
        "PRF output": prf,
        "private key under the passphrase": other_number,
        "private key under the passphrase, as OpenSSL lays it out": other_number[::-1],
        "key-encryption key of the passphrase": other_kek,
        "passphrase": SECRET.encode(),
    }
    # What must be there is found: the search searches.
    assert found({"address": office.url.encode()}) == {"address"}
    assert found(needles) == set(), found(needles)
