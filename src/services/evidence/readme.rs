//! The bundle's texts: what is in it, and the check by hand.

use super::Evidence;
use crate::kernel::hash::Sha256;

/// What is in the bundle.
pub(super) fn readme(evidence: &Evidence) -> String {
    let document = &evidence.document;
    format!(
        "# Berkas bukti · Evidence bundle\n\n\
         Nomor · Number: {number}\n\
         Kode · Code: {code}\n\
         SHA-256 document.pdf: {sha256}\n\
         Halaman · Page: {url}/v/{compact}\n\n\
         | Berkas · File | Isi · Content |\n|---|---|\n\
         | VERIFY.md | pemeriksaan tanpa sistem ini · the check without this system |\n\
         | document.pdf | dokumen yang diterbitkan · the document as issued |\n\
         | evidence.json | pernyataan, keadaannya, dan buktinya, termasuk yang tidak ada · claims, their state and evidence, what is missing included |\n\
         | document.json | data, paraf, dan status · metadata, reviews, status |\n\
         | signature-N/ | persetujuan, tantangan, delegasi, sertifikat, nilai tanda tangan · approval, challenge, mandate, certificates, signature value |\n\
         | log/leaves.json | jejak audit tentang dokumen ini · the audit trail about this document |\n",
        number = document.metadata.number,
        code = document.code,
        sha256 = Sha256::of(&evidence.original),
        url = evidence.public_url,
        compact = document.code.compact(),
    )
}

/// The check by hand.
pub(super) fn verify(evidence: &Evidence) -> String {
    let submitted = &evidence.document.submitted;
    format!(
        "# The check with qpdf, openssl and sha256sum alone\n\n\
         1. The file is the one that was issued:\n\n\
         ```sh\nsha256sum document.pdf   # {sha256}\n```\n\n\
         2. What was submitted and reviewed is its beginning:\n\n\
         ```sh\nhead -c {size} document.pdf | sha256sum   # {submitted}\n```\n\n\
         3. The file is sound, and its signature dictionaries can be read:\n\n\
         ```sh\nqpdf --check document.pdf\nqpdf --qdf --object-streams=disable document.pdf readable.pdf\ngrep -a -A1 ByteRange readable.pdf\n```\n\n\
         4. The signature value is over the signed attributes, under the certificate's key\n   \
         (these are the attributes that the file's own signature carries):\n\n\
         ```sh\ncd signature-1\nopenssl x509 -in certificates.pem -noout -pubkey > key.pem\n\
         openssl dgst -sha256 -verify key.pem -signature value.bin signed-attributes.der\n```\n\n\
         5. The certificate leads to the office's root; compare its fingerprint with the one\n   \
         that the office publishes:\n\n\
         ```sh\nopenssl crl2pkcs7 -nocrl -certfile certificates.pem | openssl pkcs7 -print_certs -noout\n\
         openssl x509 -in certificates.pem -noout -fingerprint -sha256\n```\n\n\
         6. A line of the audit trail is what was committed to:\n\n\
         ```sh\n{{ printf 'absah log leaf v1\\n'; printf SALT | xxd -r -p; printf %s 'PAYLOAD'; }} | sha256sum   # commitment\n```\n",
        sha256 = Sha256::of(&evidence.original),
        size = submitted.size,
        submitted = submitted.sha256,
    )
}
