//! Every finding code with its weight, its clause and its sentence in English
//! and Indonesian: the one table that pages, the command line and JSON read.
//!
//! Sentences take a detail after a colon, so they end without a full stop. They are read
//! by clerks first: terms of the standards stand in the code, the clause and the detail.
//! A published code is never renamed.

use super::finding::{Severity, Text};

macro_rules! findings {
    ($($variant:ident $code:literal $severity:ident $clause:literal $english:literal $indonesian:literal;)+) => {
        /// What a validation can notice. The sentences document the variants.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FindingCode {
            $(#[doc = $english] $variant,)+
        }

        impl FindingCode {
            /// All codes.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// What stands behind the code.
            #[must_use]
            pub const fn text(self) -> &'static Text {
                match self {
                    $(Self::$variant => &Text {
                        code: $code,
                        severity: Severity::$severity,
                        clause: $clause,
                        english: $english,
                        indonesian: $indonesian,
                    },)+
                }
            }
        }
    };
}

findings! {
    // The file.
    NotAPdf "not-a-pdf" Error "ISO 32000-2 7.5.2"
        "The file is not a PDF" "Berkas ini bukan PDF";
    FileDamaged "file-damaged" Error "ISO 32000-2 7.5"
        "The structure of the PDF is damaged" "Struktur PDF rusak";
    LimitExceeded "limit-exceeded" Error "policy"
        "The file is beyond a limit of this validation" "Berkas melampaui batas pemeriksaan";
    ExaminationEnded "examination-ended" Error "policy"
        "The examination of the file broke off: the file may be made to harm who reads it" "Pemeriksaan berkas terhenti: berkas mungkin dibuat untuk merusak pembacanya";
    SignatureRemoved "signature-removed" Error "ISO 32000-2 12.8.1"
        "The file still holds remains of a signature that it no longer shows" "Berkas masih memuat sisa tanda tangan yang telah dihapus";
    TrailingData "trailing-data" Error "ISO 32000-2 7.5.6"
        "Data was added behind the end of the file" "Ada data tambahan setelah akhir berkas";
    ActiveContent "active-content" Error "ISO 32000-2 12.6"
        "The file holds active content that can change what is displayed" "Berkas memuat isi aktif yang dapat mengubah tampilan";
    AmbiguousStructure "ambiguous-structure" Error "ISO 32000-2 7.3.7"
        "Programs may read the file in different ways" "Berkas dapat terbaca berbeda oleh program lain";
    // Format of the signature.
    SubFilterUnsupported "sub-filter-unsupported" Error "EN 319 142-1 6.3"
        "The format of the signature is not supported" "Format tanda tangan tidak didukung";
    ByteRangeInvalid "byte-range-invalid" Error "EN 319 142-1 5.3; ISO 32000-2 12.8.1"
        "The signature does not cover the file as it must" "Tanda tangan tidak mencakup berkas sebagaimana mestinya";
    ContentsInvalid "contents-invalid" Error "ISO 32000-2 12.8.1"
        "The signature's contents are missing or malformed" "Isi tanda tangan tidak ada atau cacat";
    CmsUnreadable "cms-unreadable" Error "EN 319 102-1 5.2.2"
        "The signature is damaged and cannot be read" "Tanda tangan rusak dan tidak dapat dibaca";
    CmsNotDer "cms-not-der" Error "EN 319 142-1 6.2.1; RFC 5652 5.3"
        "The signature is not written in the strict form that it must have" "Tanda tangan tidak ditulis dalam bentuk baku yang diwajibkan";
    CmsSignerCount "cms-signer-count" Error "EN 319 142-1 6.2.1"
        "A signature must be of exactly one signer" "Tanda tangan harus dari tepat satu penandatangan";
    CmsContentPresent "cms-content-present" Error "EN 319 142-1 6.2.1"
        "The signature brings content of its own beside the document's" "Tanda tangan membawa isi lain di luar isi dokumen";
    SignedAttributesMissing "signed-attributes-missing" Error "EN 319 142-1 6.3"
        "The signature lacks the statements that it must protect" "Tanda tangan tidak memuat keterangan yang wajib dilindunginya";
    SignedAttributesNotDer "signed-attributes-not-der" Error "RFC 5652 5.3"
        "The statements in the signature are not in the strict form that they must have" "Keterangan dalam tanda tangan tidak ditulis dalam bentuk baku";
    ContentTypeInvalid "content-type-invalid" Error "RFC 5652 11.1"
        "The signature does not say rightly what kind of content it is for" "Tanda tangan tidak menyebut dengan benar jenis isi yang ditandatangani";
    MessageDigestInvalid "message-digest-invalid" Error "RFC 5652 11.2"
        "The signature does not carry the fingerprint of the document as it must" "Tanda tangan tidak memuat sidik isi dokumen sebagaimana mestinya";
    AlgorithmProtectionBroken "algorithm-protection-broken" Error "RFC 6211 2"
        "The way of signing differs from the one that the signer protected" "Cara penandatanganan berbeda dari yang dilindungi penandatangan";
    SigningCertificateAttributeMissing "signing-certificate-attribute-missing" Error "EN 319 102-1 5.2.8; EN 319 142-1 6.3"
        "The signature does not name the certificate that it belongs to" "Tanda tangan tidak menyebut sertifikat pemiliknya";
    SigningCertificateAttributeRepeated "signing-certificate-attribute-repeated" Error "RFC 5035 5.4"
        "The signature names its certificate twice or wrongly" "Tanda tangan menyebut sertifikatnya berulang atau keliru";
    SigningCertificateMismatch "signing-certificate-mismatch" Error "EN 319 102-1 5.2.3"
        "The certificate is not the one that the signer bound" "Sertifikat bukan yang diikat oleh penandatangan";
    SigningCertificateNotFound "signing-certificate-not-found" Error "EN 319 102-1 5.2.3"
        "The signing certificate is not in the signature" "Sertifikat penandatangan tidak ditemukan";
    SigningTimeAttribute "signing-time-attribute" Info "EN 319 142-1 6.3"
        "The signature states its time in a second place as well" "Tanda tangan menyebut waktunya juga di tempat kedua";
    SignaturePolicyUnknown "signature-policy-unknown" Error "EN 319 102-1 5.2.4"
        "The signer names a signature policy that this validation does not know" "Penandatangan menyebut kebijakan tanda tangan yang tidak dikenal di sini";
    SignaturePolicyUnreadable "signature-policy-unreadable" Error "EN 319 102-1 5.2.4"
        "The signature policy that the signer names cannot be read" "Kebijakan tanda tangan yang disebut penandatangan tidak terbaca";
    CertificateSkipped "certificate-skipped" Warning "RFC 5652 10.2.3"
        "A certificate in the file cannot be read and was skipped" "Sebuah sertifikat di dalam berkas tidak terbaca dan dilewati";
    // Integrity.
    DigestMismatch "digest-mismatch" Error "EN 319 102-1 5.2.7"
        "The signed bytes were changed" "Isi yang ditandatangani telah diubah";
    SignatureValueInvalid "signature-value-invalid" Error "EN 319 102-1 5.2.7"
        "The signature does not match the signer's key" "Tanda tangan tidak cocok dengan kunci penandatangan";
    ChangedAfterSigning "changed-after-signing" Error "ISO 32000-2 12.8.2.2; EN 319 142-1 5.4"
        "The document was changed after signing" "Dokumen diubah setelah ditandatangani";
    DocMdpViolated "doc-mdp-violated" Error "ISO 32000-2 12.8.2.2"
        "The document was changed after signing as its certification forbids" "Dokumen diubah setelah ditandatangani dengan cara yang dilarang sertifikasinya";
    FieldMdpViolated "field-mdp-violated" Error "ISO 32000-2 12.8.2.4"
        "A field that the signature locks was changed" "Isian yang dikunci tanda tangan telah diubah";
    AnnotationsAdded "annotations-added" Error "ISO 32000-2 12.8.2.2"
        "Annotations were added or changed after signing" "Anotasi ditambahkan atau diubah setelah penandatanganan";
    AppearanceChanged "appearance-changed" Error "ISO 32000-2 12.5.5"
        "The appearance of a field was changed while its value was not" "Tampilan isian diubah padahal nilainya tetap";
    FormFilled "form-filled" Warning "ISO 32000-2 12.8.2.2"
        "Form fields were filled in after signing, as the signature allows" "Isian formulir diisi setelah penandatanganan, sebagaimana diizinkan";
    LaterSignature "later-signature" Info "ISO 32000-2 12.8.1"
        "A further signature was added later" "Tanda tangan lain ditambahkan kemudian";
    ValidationDataAdded "validation-data-added" Info "EN 319 142-1 5.4"
        "Evidence for later years or time-stamps were added later" "Bukti jangka panjang atau stempel waktu ditambahkan kemudian";
    MetadataChanged "metadata-changed" Info "ISO 32000-2 14.3"
        "A program noted its own name or time in the file later" "Sebuah program kemudian mencatat nama atau waktunya di berkas";
    ChangesUndecided "changes-undecided" Error "ISO 32000-2 12.8.2.2"
        "The changes after signing could not be examined" "Perubahan setelah penandatanganan tidak dapat diperiksa";
    // Certificates.
    ChainNotFound "chain-not-found" Error "EN 319 102-1 5.2.6"
        "No trusted authority vouches for the certificate" "Tidak ada otoritas tepercaya yang menjamin sertifikatnya";
    ChainInvalid "chain-invalid" Error "EN 319 102-1 5.2.6; RFC 5280 6.1"
        "The certificates that vouch for the signer do not hold together" "Sertifikat-sertifikat yang menjamin penandatangan tidak sah";
    AnchorExpired "anchor-expired" Error "EN 319 102-1 5.2.6.4"
        "The trusted authority at the top has itself expired" "Otoritas tepercaya di puncak sudah kedaluwarsa";
    ChainConstraints "chain-constraints" Error "EN 319 102-1 5.2.6"
        "The certificate is not one for this purpose" "Sertifikat tidak diperuntukkan bagi tujuan ini";
    CertificateOutsideValidity "certificate-outside-validity" Error "EN 319 102-1 5.2.6"
        "The certificate was not valid at the time that counts" "Sertifikat tidak berlaku pada waktu yang dinilai";
    CertificateExpiredSince "certificate-expired-since" Info "EN 319 102-1 5.6.2.1"
        "The certificate has expired since; the signature is proven to be earlier" "Sertifikat kini kedaluwarsa; tanda tangan terbukti dibuat sebelumnya";
    SignedOutsideValidity "signed-outside-validity" Error "EN 319 102-1 5.5.4"
        "The signature is proven to lie outside the certificate's validity" "Tanda tangan terbukti dibuat di luar masa berlaku sertifikat";
    // Revocation.
    RevocationMissing "revocation-missing" Error "EN 319 102-1 5.2.6; RFC 5280 6.3"
        "No usable information says whether the certificate was revoked" "Tidak ada keterangan yang dapat dipakai tentang pencabutan sertifikat";
    RevocationUnchecked "revocation-unchecked" Warning "policy"
        "Revocation was not checked, as asked" "Pencabutan tidak diperiksa, sesuai permintaan";
    RevocationRefused "revocation-refused" Warning "RFC 6960 3.2; RFC 5280 6.3.3"
        "A statement about revocation was not accepted" "Keterangan tentang pencabutan tidak diterima";
    RevocationStale "revocation-stale" Error "EN 319 102-1 5.2.5"
        "The statement about revocation is too old for the time that counts" "Keterangan pencabutan terlalu lama untuk waktu yang dinilai";
    ResponderOutsideValidity "responder-outside-validity" Error "EN 319 102-1 5.2.6"
        "The certificate of who vouches for the signer's is not valid" "Sertifikat pemberi keterangan status tidak berlaku";
    CertificateRevoked "certificate-revoked" Error "EN 319 102-1 5.2.6"
        "The certificate was revoked" "Sertifikat telah dicabut";
    AuthorityRevoked "authority-revoked" Error "EN 319 102-1 5.2.6"
        "The certificate of an authority that vouches for the signer was revoked" "Sertifikat otoritas yang menjamin penandatangan telah dicabut";
    CertificateOnHold "certificate-on-hold" Error "EN 319 102-1 5.2.6"
        "The certificate is suspended" "Sertifikat sedang ditangguhkan";
    RevokedLater "revoked-later" Info "EN 319 102-1 5.5.4"
        "The certificate was revoked later; the signature is proven to be earlier" "Sertifikat dicabut kemudian; tanda tangan terbukti dibuat sebelumnya";
    SignedAfterRevocation "signed-after-revocation" Error "EN 319 102-1 5.5.4"
        "The signature is proven to be later than the revocation" "Tanda tangan terbukti dibuat setelah pencabutan";
    // Algorithms.
    AlgorithmWeak "algorithm-weak" Error "EN 319 102-1 5.2.8; TS 119 312"
        "A cryptographic method is not strong enough at the time that counts" "Metode kriptografi tidak cukup kuat pada waktu yang dinilai";
    KeyWeak "key-weak" Error "EN 319 102-1 5.2.8; TS 119 312"
        "A key is too short at the time that counts" "Kunci terlalu pendek pada waktu yang dinilai";
    // Time-stamps.
    TimestampUnreadable "timestamp-unreadable" Error "EN 319 102-1 5.4; RFC 3161"
        "A time-stamp cannot be read" "Stempel waktu tidak terbaca";
    TimestampInvalid "timestamp-invalid" Error "EN 319 102-1 5.4"
        "A time-stamp does not validate" "Stempel waktu tidak sah";
    TimestampImprint "timestamp-imprint" Error "EN 319 102-1 5.4"
        "A time-stamp belongs to other data" "Stempel waktu milik data lain";
    TimestampExtendedKeyUsage "timestamp-extended-key-usage" Error "RFC 3161 2.3"
        "The certificate of the time-stamp is not one for time-stamps alone" "Sertifikat stempel waktu tidak khusus untuk stempel waktu";
    TimestampLate "timestamp-late" Error "EN 319 102-1 5.5.4"
        "The time-stamp is much later than the time of signing that is claimed" "Stempel waktu jauh lebih lambat daripada waktu penandatanganan yang dinyatakan";
    EvidenceUnread "evidence-unread" Info "EN 319 102-1 5.6.3; RFC 4998"
        "Further evidence about its age was not read and proves nothing here" "Bukti lain tentang umurnya tidak dibaca dan tidak membuktikan apa pun di sini";
    TimestampOrder "timestamp-order" Error "EN 319 102-1 5.5.4"
        "Time-stamps are not in their order" "Urutan stempel waktu tidak benar";
    TimeNotProven "time-not-proven" Info "EN 319 102-1 5.5"
        "The time of signing is what the signer claims; no time-stamp proves it" "Waktu penandatanganan hanya pernyataan penandatangan; tidak ada stempel waktu";
    ProofOfExistenceMissing "proof-of-existence-missing" Error "EN 319 102-1 5.6.2.4"
        "Nothing proves that the signature existed while its certificate was valid" "Tidak ada bukti bahwa tanda tangan sudah ada saat sertifikatnya berlaku";
}
