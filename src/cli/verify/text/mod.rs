//! The answer in words: the verdict, why, what to do, the signatures; with
//! `--verbose` the terms of the standards too. Fits 80 columns.

mod details;
pub(super) mod words;

use super::record;
use crate::cli::terminal::{Tone, toned};
use crate::domain::language::Language;
use crate::domain::zone::Zone;
use crate::kernel::validation::report::{Modification, SignatureKind, SignatureReport};
use crate::kernel::validation::{Finding, Indication, Report, Severity};
use crate::services::verify::FileAnswer;
use words::{advice, of, verdict};

/// Where lines end.
const WIDTH: usize = 80;

/// The whole answer.
pub(super) fn describe(
    answer: &FileAnswer,
    file: &str,
    language: Language,
    verbose: bool,
) -> String {
    let FileAnswer { report, record } = answer;
    let mut page = Page {
        out: String::new(),
        file,
        language,
        verbose,
        told: None,
    };
    page.head(report);
    if let Some(record) = record {
        page.out.push_str(&record::describe(record, language));
    }
    for signature in &report.signatures {
        page.signature(signature);
    }
    page.file(report);
    if verbose {
        details::of_file(&mut page.out, report, language);
    } else {
        let hint = of(language, "Rincian: --verbose", "Details: --verbose");
        let hint = toned(Tone::Dim, &format!("{file} · {hint}"));
        page.out.push_str(&format!("\n{hint}\n"));
    }
    page.out
}

struct Page<'r> {
    out: String,
    /// The file's name.
    file: &'r str,
    language: Language,
    verbose: bool,
    /// The finding that was told as the reason: once is enough.
    told: Option<&'r Finding>,
}

impl<'r> Page<'r> {
    /// The verdict, why, and what to do.
    fn head(&mut self, report: &'r Report) {
        let (word, sentence, tone) = verdict(report.verdict, self.language);
        self.out.push_str(&format!("{}\n", toned(tone, word)));
        self.paragraph("", sentence);
        if !report.verdict.is_good()
            && let Some(reason) = report.reason()
        {
            let why = of(self.language, "Sebabnya", "Why");
            self.paragraph("", &format!("{why}: {}.", self.message(reason)));
            if !self.verbose {
                self.told = Some(reason);
            }
        }
        if let Some(advice) = advice(report, self.language) {
            self.paragraph("", advice);
        }
        self.signed_part(report);
    }

    /// Where what was signed still stands at the beginning of a file that was changed later:
    /// how to get at it.
    fn signed_part(&mut self, report: &Report) {
        let changed = report.signatures.iter().find(|one| {
            one.modification == Some(Modification::Illegal) && one.intact && one.crypto_valid
        });
        let Some(part) = changed.and_then(|one| one.signed_revision.as_ref()) else {
            return;
        };
        let text = of(
            self.language,
            "Isi yang ditandatangani masih utuh di awal berkas ini. Untuk melihatnya:",
            "What was signed still stands whole at the beginning of this file. To see it:",
        );
        self.paragraph("", text);
        let (length, file) = (part.length, quoted(self.file));
        let name = of(self.language, "ditandatangani.pdf", "signed.pdf");
        self.out
            .push_str(&format!("    head -c {length} {file} > {name}\n"));
    }

    fn signature(&mut self, signature: &'r SignatureReport) {
        let stamp = signature.kind == SignatureKind::DocumentTimestamp;
        let passed = signature.indication == Indication::TotalPassed;
        // A stamp that holds is told with the signature that it proves.
        if stamp && passed && !self.verbose {
            return;
        }
        let what = match signature.kind {
            SignatureKind::Signature => of(self.language, "Tanda tangan", "Signature"),
            SignatureKind::DocumentTimestamp => of(self.language, "Stempel waktu", "Time-stamp"),
        };
        let unknown = of(
            self.language,
            "penandatangan tidak diketahui",
            "signer unknown",
        );
        let name = signature.signer.as_ref().map_or(unknown, |one| &one.name);
        let (mark, tone) = match signature.indication {
            Indication::TotalPassed => ("✓", Tone::Green),
            Indication::TotalFailed => ("✗", Tone::Red),
            Indication::Indeterminate => ("?", Tone::Amber),
        };
        self.out
            .push_str(&format!("\n{} {what}: {name}\n", toned(tone, mark)));
        self.time(signature);
        self.issuer(signature);
        for finding in &signature.findings {
            self.finding(finding, "  ");
        }
        if self.verbose {
            details::of_signature(&mut self.out, signature, self.language);
        }
    }

    /// Who issued the certificate, where that is known for true.
    fn issuer(&mut self, signature: &SignatureReport) {
        let stamp = signature.kind == SignatureKind::DocumentTimestamp;
        let Some(signer) = signature.signer.as_ref().filter(|_| !stamp) else {
            return;
        };
        let issuer = common_name(&signer.issuer);
        let label = if signature.trusted {
            of(self.language, "sertifikat dari", "certificate by")
        } else {
            of(
                self.language,
                "sertifikatnya menyebut, tanpa terbukti, penerbit",
                "its certificate names, unproven, the issuer",
            )
        };
        self.paragraph("  ", &format!("{label} {issuer}"));
    }

    /// When, and who says so.
    fn time(&mut self, signature: &SignatureReport) {
        let stamp = signature.kind == SignatureKind::DocumentTimestamp;
        let (label, at) = match (signature.best_signature_time, signature.signing_time) {
            (_, Some(stated)) if stamp => (
                of(self.language, "menyebut waktu", "states the time"),
                stated,
            ),
            (Some(proven), _) => {
                let label = of(
                    self.language,
                    "dibuktikan stempel waktu, paling lambat",
                    "proven by a time-stamp, at the latest",
                );
                (label, proven)
            }
            (None, Some(claimed)) => {
                let label = of(
                    self.language,
                    "menurut penandatangan sendiri,",
                    "as the signer himself says,",
                );
                (label, claimed)
            }
            (None, None) => return,
        };
        let at = Zone::Wib.in_words(at, self.language);
        self.paragraph("  ", &format!("{label} {at}"));
    }

    /// What concerns the file as a whole.
    fn file(&mut self, report: &'r Report) {
        let told = self.told;
        let mut findings = report.findings.iter();
        let new = |finding: &&Finding| Some(*finding) != told && self.is_shown(finding);
        if findings.by_ref().any(|finding| new(&finding)) {
            let label = of(self.language, "Berkas", "File");
            self.out.push_str(&format!("\n{label}\n"));
        }
        for finding in &report.findings {
            self.finding(finding, "  ");
        }
    }

    fn is_shown(&self, finding: &Finding) -> bool {
        self.verbose || finding.severity() > Severity::Info
    }

    fn finding(&mut self, finding: &Finding, indent: &str) {
        if !self.is_shown(finding) || Some(finding) == self.told {
            return;
        }
        let (mark, tone) = match finding.severity() {
            Severity::Error => ("✗", Tone::Red),
            Severity::Warning => ("!", Tone::Amber),
            Severity::Info => ("·", Tone::Dim),
        };
        let mut text = String::new();
        wrap(&mut text, &format!("{indent}  "), &self.message(finding));
        let text = text.trim_start();
        self.out
            .push_str(&format!("{indent}{} {text}", toned(tone, mark)));
        if self.verbose {
            let of = finding.code().text();
            let source = format!("{indent}  {} ({})", of.code, of.clause);
            self.out
                .push_str(&format!("{}\n", toned(Tone::Dim, &source)));
        }
    }

    /// The sentence; what varies speaks the language of the standards.
    fn message(&self, finding: &Finding) -> String {
        match (self.language, self.verbose) {
            (Language::Indonesian, true) => finding.indonesian(),
            (Language::English, true) => finding.english(),
            (Language::Indonesian, false) => finding.code().text().indonesian.to_owned(),
            (Language::English, false) => finding.code().text().english.to_owned(),
        }
    }

    fn paragraph(&mut self, indent: &str, text: &str) {
        wrap(&mut self.out, indent, text);
    }
}

/// A file name as a shell takes it, whatever is in it.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if name.chars().all(plain) && !name.starts_with('-') {
        return name.to_owned();
    }
    let shown: String = name.chars().filter(|c| !c.is_control()).collect();
    format!("'./{}'", shown.replace('\'', "'\\''"))
}

/// The common name in a name of RFC 4514, or the whole of it.
fn common_name(name: &str) -> String {
    let mut parts: Vec<String> = vec![String::new()];
    let mut escaped = false;
    for c in name.chars() {
        match c {
            '\\' if !escaped => {
                escaped = true;
                continue;
            }
            ',' | '+' if !escaped => parts.push(String::new()),
            _ => {
                if let Some(part) = parts.last_mut() {
                    part.push(c);
                }
            }
        }
        escaped = false;
    }
    let common = parts.iter().find_map(|part| part.strip_prefix("CN="));
    common.unwrap_or(name).to_owned()
}

/// Appends `text` in lines of at most 80 characters, each indented.
fn wrap(out: &mut String, indent: &str, text: &str) {
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            out.push('\n');
            column = 0;
        }
        if column == 0 {
            out.push_str(indent);
            column = indent.chars().count();
        } else {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_one_word_for_a_shell() {
        assert_eq!(quoted("izin-1.pdf"), "izin-1.pdf");
        assert_eq!(quoted("-n.pdf"), "'./-n.pdf'");
        assert_eq!(quoted("a;b \u{1b}'c.pdf"), "'./a;b '\\''c.pdf'");
    }

    #[test]
    fn a_common_name_is_read_from_the_whole() {
        assert_eq!(
            common_name("CN=Penerbit\\, Utama,O=Kota,C=ID"),
            "Penerbit, Utama"
        );
        assert_eq!(common_name("C=ID,CN=A\\+B"), "A+B");
        assert_eq!(common_name("O=Kota"), "O=Kota");
    }

    #[test]
    fn lines_end_before_column_80_and_keep_their_indent() {
        let mut out = String::new();
        wrap(&mut out, "    ", &"kata ".repeat(60));
        assert!(out.lines().count() > 3);
        for line in out.lines() {
            assert!(line.chars().count() <= WIDTH, "{line}");
            assert!(line.starts_with("    kata"), "{line}");
        }
        let mut long = String::new();
        wrap(&mut long, "", &"x".repeat(100));
        assert_eq!(long.trim_end().len(), 100);
    }
}
