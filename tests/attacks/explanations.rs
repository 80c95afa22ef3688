//! Why we and pyHanko differ: the classes of differences, each with its reason.

use absah::kernel::validation::FindingCode as C;

use super::differences::Asked;

/// One class. The first that holds counts.
pub struct Class {
    /// The findings one of which decides our verdict; empty: it is valid.
    pub ours: &'static [C],
    /// What pyHanko says.
    pub theirs: &'static [&'static str],
    /// The tests whose files it is about, by the beginning of their names; empty: any. Where
    /// ours alone is valid, each is named: nothing new may hide there.
    pub tests: &'static [&'static str],
    pub why: &'static str,
}

impl Class {
    pub fn holds(&self, one: &Asked) -> bool {
        let ours = match one.ours.reason() {
            _ if one.ours.verdict.is_good() => self.ours.is_empty(),
            Some(reason) => self.ours.contains(&reason.code()),
            None => false,
        };
        let test = |name: &&str| one.test.starts_with(*name);
        let known = self.tests.iter().any(test);
        let any = self.tests.is_empty() && !self.ours.is_empty();
        ours && self.theirs.contains(&one.theirs.as_str()) && (known || any)
    }

    pub fn ours_in_words(&self) -> String {
        let codes = self
            .ours
            .iter()
            .map(|code| format!("`{}`", code.text().code));
        let codes: Vec<String> = codes.collect();
        match codes.is_empty() {
            true => "valid".to_owned(),
            false => codes.join(", "),
        }
    }

    pub fn theirs_in_words(&self) -> String {
        self.theirs.join(", ")
    }
}

/// A class of files that pyHanko calls valid and we do not.
const fn stricter(ours: &'static [C], why: &'static str) -> Class {
    Class {
        ours,
        theirs: &["valid"],
        tests: &[],
        why,
    }
}

/// A class of files of these tests that we call valid and pyHanko does not.
const fn valid_here(
    theirs: &'static [&'static str],
    tests: &'static [&'static str],
    why: &'static str,
) -> Class {
    Class {
        ours: &[],
        theirs,
        tests,
        why,
    }
}

pub const CLASSES: &[Class] = &[
    stricter(
        &[C::TrailingData],
        "What stands behind the last revision is passed over by pyHanko. Readers that repair draw \
         it, so it is never green here",
    ),
    stricter(
        &[C::TimestampInvalid],
        "A time-stamp that does not hold is told apart by pyHanko and changes nothing. Here a \
         broken one on which the signature relies leaves it open",
    ),
    stricter(
        &[C::TimestampOrder],
        "pyHanko does not compare the times of several time-stamps (EN 319 102-1, 5.5.4)",
    ),
    stricter(
        &[C::ChainConstraints],
        "A certificate for servers, code or OCSP alone does not sign documents here; pyHanko's \
         default asks for the key usage only",
    ),
    stricter(
        &[C::AuthorityRevoked, C::CertificateRevoked],
        "pyHanko takes the statement that fits the time of its question; here a revocation for good \
         is not undone by another statement, and counts against the time that is proven",
    ),
    stricter(
        &[C::RevocationMissing],
        "The statement itself is not as it must be (thisUpdate after producedAt or in the future, an \
         unknown critical extension in an entry), and pyHanko reads it all the same",
    ),
    stricter(
        &[C::RevocationStale],
        "pyHanko lets a statement from before the signature or past its own end count for longer",
    ),
    stricter(
        &[C::SignedOutsideValidity],
        "Proven by its time-stamp to be older than its certificate: pyHanko judges at the time of \
         the question",
    ),
    stricter(
        &[C::LimitExceeded],
        "Beyond what is examined here: hundreds of updates or signatures in one file",
    ),
    stricter(
        &[C::ActiveContent],
        "Scripts that can change what is displayed are no concern of pyHanko's",
    ),
    stricter(
        &[C::AmbiguousStructure],
        "A hybrid file whose two tables differ means one thing to one reader and another to the next",
    ),
    stricter(
        &[C::ChangesUndecided],
        "An entry of no known kind in a cross-reference stream; pyHanko reads it as null",
    ),
    stricter(
        &[C::ChangedAfterSigning, C::DocMdpViolated],
        "Taken for form filling or metadata by pyHanko's rules: keys of the form and of fields (/DA, /Q, \
         flags, resources), a title in /Info or XMP, references that led nowhere and come alive, keys that \
         stand twice, of which it reads the last",
    ),
    stricter(
        &[C::AppearanceChanged],
        "The picture, the state or the font of a field changes while its value stays: form filling to \
         pyHanko, never green here",
    ),
    stricter(
        &[C::SignatureRemoved],
        "One of two signatures was emptied: pyHanko judges the other alone",
    ),
    stricter(
        &[C::ContentsInvalid],
        "Something other than zeros fills the hole behind the signature",
    ),
    stricter(
        &[C::CmsNotDer, C::SignedAttributesNotDer],
        "The form that EN 319 142-1 and RFC 5652 demand (DER) is not asked for by pyHanko",
    ),
    stricter(
        &[
            C::SigningCertificateAttributeMissing,
            C::SigningCertificateMismatch,
        ],
        "The signed reference to the certificate is missing; pyHanko asks for it under PAdES \
         profiles only when told",
    ),
    stricter(
        &[C::SignaturePolicyUnknown, C::SignaturePolicyUnreadable],
        "pyHanko's plain validation does not look at signature policies",
    ),
    stricter(
        &[C::EvidenceUnread, C::TimestampLate],
        "Bounds of this validation that pyHanko does not have",
    ),
    valid_here(
        &["not trusted"],
        &[
            "attacks::honest/stamped-",
            "attacks::honest/expired-stamped",
            "attacks::honest/invalid-",
            "attacks::honest/ocsp-invalid-",
            "attacks::honest/authority-",
            "attacks::honest/archive-renewed",
            "validation::longterm::",
            "validation::reports::a_revocation_is_told_with_the_object_that_says_so",
            "independent::renewal::",
            "independent::years::",
        ],
        "Revoked or expired since, and proven by time-stamps to be older: past signature validation \
         (EN 319 102-1, 5.6) is another call of pyHanko's (`tests/independent` asks that one, and it agrees)",
    ),
    valid_here(
        &["not trusted"],
        &["attacks::honest/unknown-extension"],
        "An extension of a CRL entry that is not critical is passed over (RFC 5280, 5.3); pyHanko drops \
         the list",
    ),
    valid_here(
        &["changed"],
        &["attacks::honest/tagged-signature"],
        "Tags of a new signature field are allowed here (decision 45); pyHanko knows no structure tree",
    ),
    valid_here(
        &["changed"],
        &[
            "attacks::honest/lock-others",
            "attacks::honest/lock-exclude",
        ],
        "A picture that a locked field shares with the one that is filled in, and that nobody touches, \
         counts as an update of the locked field to pyHanko",
    ),
    valid_here(
        &["not valid"],
        &["attacks::honest/content-stamp-of-other-data"],
        "A content time-stamp that belongs to other data proves nothing, and the signature does not need it",
    ),
    valid_here(
        &["error (ValueError)", "error (SignatureValidationError)"],
        &[
            "validation::levels::a_flipped_byte_anywhere_is_seen",
            "validation::certificates::one_bad_certificate_does_not_sink_a_file",
        ],
        "A byte of a certificate that nothing rests on cannot be read: it is skipped and told of here, \
         pyHanko gives up the file",
    ),
];
