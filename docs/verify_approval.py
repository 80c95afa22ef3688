#!/usr/bin/env python3
"""Checks from an evidence bundle alone that its signatory approved this document with a passkey.

    python3 verify_approval.py BUNDLE.zip

Needs Python 3.10 and the package `cryptography`. The layout is in docs/approval.md. What it shows:
a passkey (its public key is printed) signed, after verifying its user, a challenge that commits to
the submitted file and to the digest that the document's signature is over. Whose passkey it is, the
office says: compare with its log."""

import hashlib
import io
import json
import sys
import zipfile
from base64 import urlsafe_b64encode
from datetime import datetime

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa


def head(major, n):
    """The head of a CBOR item in its shortest form (RFC 8949 4.2.1)."""
    if n < 24:
        return bytes([major << 5 | n])
    size, code = next((s, c) for s, c in ((1, 24), (2, 25), (4, 26), (8, 27)) if n < 1 << 8 * s)
    return bytes([major << 5 | code]) + n.to_bytes(size, "big")


def octets(value):
    return head(2, len(value)) + value


def challenge(approval):
    """SHA-256(tag || nonce || CBOR)."""
    expires = int(datetime.fromisoformat(approval["expires"].replace("Z", "+00:00")).timestamp())
    cbor = head(5, 4) + head(0, 1) + octets(bytes(approval["key"]))
    cbor += head(0, 2) + octets(bytes.fromhex(approval["certificate"]))
    cbor += head(0, 3) + head(0, expires) + head(0, 4) + head(4, len(approval["entries"]))
    for entry in approval["entries"]:
        cbor += head(4, 3) + octets(bytes.fromhex(entry["document"].replace("-", "")))
        cbor += octets(bytes.fromhex(entry["submitted"])) + octets(bytes(entry["digest"]))
    tag = b"absah approval v1\n"
    return hashlib.sha256(tag + bytes(approval["nonce"]) + cbor).digest()


def read(data):
    """One CBOR item of a COSE_Key: integers, byte strings, one map."""
    first = data.read(1)[0]
    major, n = first >> 5, first & 31
    if n >= 24:
        n = int.from_bytes(data.read(1 << n - 24), "big")
    if major == 5:
        return {read(data): read(data) for _ in range(n)}
    return {0: lambda: n, 1: lambda: -1 - n, 2: lambda: data.read(n)}[major]()


def verify(key, signature, message):
    """A signature under a COSE_Key: ES256, EdDSA or RS256."""
    key = read(io.BytesIO(key))
    if key[3] == -7:
        x, y = (int.from_bytes(key[-2], "big"), int.from_bytes(key[-3], "big"))
        public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
        public.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    elif key[3] == -8:
        ed25519.Ed25519PublicKey.from_public_bytes(key[-2]).verify(signature, message)
    else:
        n, e = (int.from_bytes(key[-1], "big"), int.from_bytes(key[-2], "big"))
        public = rsa.RSAPublicNumbers(e, n).public_key()
        public.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())


def check(bundle):
    """The signings of a bundle; raises where one does not hold."""
    files = zipfile.ZipFile(io.BytesIO(bundle))
    document = json.loads(files.read("document.json"))
    shown = files.read("document.pdf")
    size = document["submitted"]["size"]
    submitted = hashlib.sha256(shown[:size]).hexdigest()
    folders = sorted({name.split("/")[0] for name in files.namelist() if name.startswith("signature-")})
    assert folders, "nothing is signed"
    passkeys = []
    for folder in folders:
        approval = json.loads(files.read(f"{folder}/approval.json"))
        given = approval["state"]["evidence"]
        assert given["method"] == "passkey", "the approval was given with a passphrase"
        entry = next(one for one in approval["entries"] if one["document"] == document["id"])
        assert entry["submitted"] == submitted, "another file was approved"
        attributes = files.read(f"{folder}/signed-attributes.der")
        assert bytes(entry["digest"]) == hashlib.sha256(attributes).digest(), "another digest"
        data = bytes.fromhex(given["authenticator_data"])
        client = bytes.fromhex(given["client_data"])
        said = json.loads(client)
        wanted = urlsafe_b64encode(challenge(approval)).rstrip(b"=").decode()
        assert said["type"] == "webauthn.get" and said["challenge"] == wanted, "another challenge"
        assert said["origin"] == given["origin"] and not said.get("crossOrigin"), "another origin"
        assert data[:32] == hashlib.sha256(given["rp_id"].encode()).digest(), "another site"
        assert data[32] & 5 == 5, "nobody was there, or nobody was verified"
        message = data + hashlib.sha256(client).digest()
        verify(bytes.fromhex(given["public_key"]), bytes.fromhex(given["signature"]), message)
        passkeys.append(given["credential"])
    return passkeys


if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        for number, passkey in enumerate(check(file.read()), 1):
            print(f"signature {number}: approved with the passkey {passkey}")
