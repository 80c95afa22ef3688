//! One case: a file, what a validator must say of it, and why it is here.

use std::collections::HashMap;
use std::sync::LazyLock;

use absah::kernel::pdf::Limits;
use absah::kernel::validation::report::{Modification, SignatureReport};
use absah::kernel::validation::{
    Anchors, FindingCode, Indication, Policy, Report, SubIndication, ValidationInput, Verdict,
    validate,
};
use absah::kernel::x509::Certificate;
use time::{Duration, OffsetDateTime};

use super::world::{SIGNED, World, keep};

/// When the files are judged, where a case does not say otherwise.
pub const LATER: OffsetDateTime = SIGNED.saturating_add(Duration::HOUR);

/// The authority of most cases.
pub static WORLD: LazyLock<World> = LazyLock::new(World::new);

/// What the report must say.
#[derive(Clone, Debug)]
pub struct Required {
    pub verdict: Verdict,
    /// Of the signature that counts; nothing where no signature is reported.
    pub indication: Option<Indication>,
    pub sub_indication: Option<SubIndication>,
    pub crypto_valid: bool,
    pub modification: Option<Modification>,
    /// Findings that must be there, on any signature or on the file.
    pub findings: Vec<FindingCode>,
}

impl Required {
    fn of(verdict: Verdict, indication: Indication, reason: Option<SubIndication>) -> Self {
        Self {
            verdict,
            indication: Some(indication),
            sub_indication: reason,
            crypto_valid: true,
            modification: Some(Modification::Lta),
            findings: Vec::new(),
        }
    }

    /// The cryptography is broken, or not reached.
    pub fn without_crypto(mut self) -> Self {
        self.crypto_valid = false;
        self
    }

    pub fn modification(mut self, modification: impl Into<Option<Modification>>) -> Self {
        self.modification = modification.into();
        self
    }

    pub fn finding(mut self, code: FindingCode) -> Self {
        self.findings.push(code);
        self
    }
}

/// Passes; validation data may have been added.
pub fn passed() -> Required {
    Required::of(Verdict::UnknownValid, Indication::TotalPassed, None)
}

/// The document was changed after signing, while the cryptography holds.
pub fn changed() -> Required {
    changed_by(FindingCode::ChangedAfterSigning)
}

/// The same, told by another finding.
pub fn changed_by(code: FindingCode) -> Required {
    format_failure(code).modification(Modification::Illegal)
}

/// The form is wrong; the cryptography over the ranges may hold.
pub fn format_failure(code: FindingCode) -> Required {
    failed(SubIndication::FormatFailure, code).modification(None)
}

/// It fails for good.
pub fn failed(reason: SubIndication, code: FindingCode) -> Required {
    Required::of(Verdict::Invalid, Indication::TotalFailed, Some(reason)).finding(code)
}

/// It stays open.
pub fn open(reason: SubIndication, code: FindingCode) -> Required {
    let verdict = Verdict::Indeterminate;
    Required::of(verdict, Indication::Indeterminate, Some(reason)).finding(code)
}

/// The file is refused as a whole; its signature fails with it.
pub fn refused(code: FindingCode) -> Required {
    format_failure(code).without_crypto()
}

/// Nothing was looked at: over a limit, or no PDF.
pub fn unread(verdict: Verdict, code: FindingCode) -> Required {
    Required {
        verdict,
        indication: None,
        sub_indication: None,
        crypto_valid: false,
        modification: None,
        findings: vec![code],
    }
}

/// One vector.
pub struct Case {
    /// `class/name`.
    pub id: String,
    /// The honest case it is a twin of; nothing for honest cases.
    pub twin: Option<&'static str>,
    pub file: Vec<u8>,
    /// When it is judged.
    pub at: OffsetDateTime,
    /// Whom to trust.
    pub root: Certificate,
    /// The signature that counts, in the order of signing.
    pub signature: usize,
    pub required: Required,
    /// What the case teaches.
    pub teaches: &'static str,
    /// Which mistake it catches.
    pub catches: &'static str,
}

impl Case {
    pub fn at(&mut self, at: OffsetDateTime) -> &mut Self {
        self.at = at;
        self
    }

    /// Another signature than the first one counts.
    pub fn signature(&mut self, index: usize) -> &mut Self {
        self.signature = index;
        self
    }

    /// The class, before the slash.
    pub fn class(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }

    pub fn is_attack(&self) -> bool {
        self.twin.is_some()
    }

    /// What the library says.
    pub fn report(&self) -> Report {
        let at = self.at.unix_timestamp();
        keep::named(&self.id, &self.file, self.root.der(), at);
        let anchors = Anchors::for_all(vec![self.root.clone()]);
        let policy = Policy::strict().expect("the policy");
        let input = ValidationInput {
            anchors: &anchors,
            untrusted: &[],
            crls: &[],
            ocsps: &[],
            at: self.at,
            policy: &policy,
            limits: Limits::default(),
        };
        validate(&self.file, &input)
    }

    /// What is not as required; nothing if all is.
    pub fn complaint(&self, report: &Report) -> Option<String> {
        let required = &self.required;
        let signature = report.signatures.get(self.signature);
        let found = (
            report.verdict,
            signature.map(|one| one.indication),
            signature.and_then(|one| one.sub_indication),
            signature.is_some_and(|one| one.crypto_valid),
            signature.and_then(|one| one.modification),
        );
        let asked = (
            required.verdict,
            required.indication,
            required.sub_indication,
            required.crypto_valid,
            required.modification,
        );
        let missing: Vec<_> = required
            .findings
            .iter()
            .filter(|code| !report.has(**code))
            .collect();
        (found != asked || !missing.is_empty()).then(|| {
            let all = report.signatures.iter().map(summary);
            let all: Vec<String> = all.collect();
            format!(
                "{}: required {asked:?}\n    observed {found:?}, missing {missing:?}\n    file {:?}\n    {}",
                self.id,
                report.findings,
                all.join("\n    ")
            )
        })
    }
}

fn summary(one: &SignatureReport) -> String {
    format!("{:?} {:?} {:?}", one.kind, one.indication, one.findings)
}

/// All cases, by name.
#[derive(Default)]
pub struct Catalogue {
    pub cases: Vec<Case>,
    names: HashMap<String, usize>,
}

impl Catalogue {
    /// An attack, and the honest case it is a twin of.
    pub fn attack(
        &mut self,
        id: impl Into<String>,
        twin: &'static str,
        file: Vec<u8>,
        required: Required,
        teaches: &'static str,
        catches: &'static str,
    ) -> &mut Case {
        assert!(!required.verdict.is_good(), "an attack does not pass");
        self.add(id.into(), Some(twin), file, required, [teaches, catches])
    }

    /// What must pass.
    pub fn honest(
        &mut self,
        id: impl Into<String>,
        file: Vec<u8>,
        required: Required,
        teaches: &'static str,
    ) -> &mut Case {
        assert!(required.verdict.is_good(), "what is honest passes");
        let catches = "a false alarm";
        self.add(id.into(), None, file, required, [teaches, catches])
    }

    fn add(
        &mut self,
        id: String,
        twin: Option<&'static str>,
        file: Vec<u8>,
        required: Required,
        [teaches, catches]: [&'static str; 2],
    ) -> &mut Case {
        let known = self.names.insert(id.clone(), self.cases.len());
        assert!(known.is_none(), "{id} twice");
        self.cases.push(Case {
            id,
            twin,
            file,
            at: LATER,
            root: WORLD.root.certificate.clone(),
            signature: 0,
            required,
            teaches,
            catches,
        });
        self.cases.last_mut().expect("the case")
    }

    pub fn named(&self, id: &str) -> Option<&Case> {
        self.names.get(id).and_then(|index| self.cases.get(*index))
    }
}
