//! What the acts of the log are called. The names themselves are for ever; these words
//! may change.

use super::super::desk::words::Words;

/// An act in words; its name where it has none yet.
pub(super) fn said(words: Words, act: &str) -> &str {
    let known = ACTS.iter().find(|(name, _, _)| *name == act);
    known.map_or(act, |(_, indonesian, english)| {
        words.say(indonesian, english)
    })
}

const ACTS: &[(&str, &str, &str)] = &[
    (
        "document.submitted",
        "Dokumen diterima",
        "Document taken in",
    ),
    (
        "document.replaced",
        "Diganti versi baru",
        "Replaced by a new version",
    ),
    (
        "document.read",
        "Dinyatakan sudah dibaca",
        "Affirmed to have read",
    ),
    ("document.reviewed", "Paraf diputuskan", "Tier decided"),
    (
        "document.returned",
        "Dikembalikan atau ditolak",
        "Returned or refused",
    ),
    (
        "document.gate_met",
        "Prasyarat terpenuhi",
        "Precondition met",
    ),
    (
        "document.finished",
        "Tanda tangan selesai",
        "Signature finished",
    ),
    (
        "document.revision_released",
        "Revisi baru dirilis",
        "New revision released",
    ),
    (
        "approval.asked",
        "Persetujuan diminta",
        "Approval asked for",
    ),
    (
        "approval.lapsed",
        "Persetujuan kedaluwarsa",
        "Approval lapsed",
    ),
    ("approval.given", "Persetujuan diberikan", "Approval given"),
    (
        "signature.attempted",
        "Kunci mulai dipakai",
        "Key operation begun",
    ),
    ("signature.stored", "Tanda tangan dibuat", "Signature made"),
    ("permit.suspended", "Izin ditangguhkan", "Permit suspended"),
    (
        "permit.resumed",
        "Izin diberlakukan lagi",
        "Permit in force again",
    ),
    ("permit.superseded", "Izin diganti", "Permit superseded"),
    ("permit.cancelled", "Izin dibatalkan", "Permit cancelled"),
    (
        "client.saved",
        "Sistem perizinan disimpan",
        "Permit system saved",
    ),
    ("person.saved", "Data orang disimpan", "Person saved"),
    ("invitation.made", "Undangan dibuat", "Invitation made"),
    ("passkey.added", "Passkey ditambahkan", "Passkey added"),
    ("passkey.ended", "Passkey diakhiri", "Passkey ended"),
    (
        "session.proven",
        "Membuktikan diri lagi",
        "Proved himself again",
    ),
    (
        "permit_type.saved",
        "Jenis izin disimpan",
        "Permit type saved",
    ),
    (
        "mandate.saved",
        "Mandat dicatat atau diakhiri",
        "Mandate recorded or ended",
    ),
    (
        "certificate.intended",
        "Sertifikat akan dibuat",
        "Certificate intended",
    ),
    (
        "certificate.issued",
        "Sertifikat dibuat",
        "Certificate issued",
    ),
    (
        "certificate.revoked",
        "Sertifikat dicabut atau ditahan",
        "Certificate revoked or held",
    ),
    (
        "certificate.released",
        "Sertifikat dilepas",
        "Certificate released",
    ),
    (
        "crl.published",
        "Daftar pencabutan terbit",
        "Revocation list published",
    ),
    ("key.enrolled", "Kunci didaftarkan", "Key enrolled"),
    ("key.ended", "Kunci diakhiri", "Key ended"),
    ("key.suspended", "Kunci ditangguhkan", "Key suspended"),
    ("key.resumed", "Penangguhan kunci dilepas", "Key released"),
    (
        "key.secret_refused",
        "Sandi kunci salah",
        "Wrong passphrase",
    ),
    ("session.opened", "Masuk ke konsol", "Signed in"),
    ("session.ended", "Keluar dari konsol", "Signed out"),
    ("setting.changed", "Pengaturan diubah", "Setting changed"),
];
