//! `GET /console/audit`: the audit trail, searched by act, day and text; and the same as a
//! table for other programs.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use time::format_description::well_known::Rfc3339;

use super::super::desk::words::Words;
use super::acts;
use super::daily::day;
use crate::http::console::respond::{PageProblem, page};
use crate::http::console::{ConsoleShell, Staff};
use crate::http::extract::Query;
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::services::oversight::{AuditLine, AuditQuery};

/// Lines on a page.
const PAGE: usize = 50;
/// Lines of an export; who needs more asks by day.
const EXPORT: usize = 10_000;

#[derive(Template)]
#[template(path = "office-audit.html")]
struct AuditPage {
    console: ConsoleShell,
    asked: Asked,
    kinds: Vec<KindView>,
    lines: Vec<LineView>,
    /// The query of the next page.
    next: Option<String>,
    /// The query of the export.
    export: String,
}

struct KindView {
    value: &'static str,
    label: &'static str,
    chosen: bool,
}

struct LineView {
    at: String,
    /// What was done, in words.
    said: String,
    act: String,
    actor: String,
    subject: String,
    /// Where the document is, and its number.
    document: Option<(String, String)>,
    facts: Vec<(String, String)>,
    erased: bool,
}

/// What the form asks.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    act: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    until: String,
    before: Option<u64>,
}

/// Kinds of acts that people look for.
const KINDS: [(&str, &str, &str); 8] = [
    ("", "Semua", "All"),
    ("document.", "Dokumen", "Documents"),
    ("approval.", "Persetujuan", "Approvals"),
    ("signature.", "Tanda tangan", "Signatures"),
    ("permit.", "Status izin", "Permit status"),
    ("person.", "Orang", "People"),
    ("mandate.", "Mandat", "Mandates"),
    ("key.", "Kunci", "Keys"),
];

/// `GET /console/audit`
pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    console: ConsoleShell,
    Query(asked): Query<Asked>,
) -> Result<Response, PageProblem> {
    let failed = |problem: Problem| PageProblem::new(console.clone(), problem);
    super::overseer(&staff).map_err(failed)?;
    let query = asked.query().map_err(failed)?;
    let found = app.services().audit(&query, PAGE).await;
    let found = found.map_err(|error| failed(error.into()))?;
    let words = Words {
        language: console.shell.language,
        zone: app.settings().zone,
    };
    let kinds = KINDS.iter().map(|(value, indonesian, english)| KindView {
        value,
        label: words.say(indonesian, english),
        chosen: *value == asked.act,
    });
    let audit = AuditPage {
        kinds: kinds.collect(),
        next: found.next.map(|next| asked.address(Some(next))),
        export: asked.address(None),
        lines: found
            .lines
            .into_iter()
            .map(|line| line_view(words, line))
            .collect(),
        asked,
        console: console.clone(),
    };
    Ok(page(StatusCode::OK, &console, &audit))
}

/// `GET /console/audit.csv`
pub(super) async fn export(
    State(app): State<App>,
    staff: Staff,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    super::overseer(&staff)?;
    let found = app.services().audit(&asked.query()?, EXPORT).await?;
    let mut table = String::from("leaf,at,act,actor,subject,document,facts\r\n");
    for line in &found.lines {
        table.push_str(&row(line));
    }
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            CONTENT_DISPOSITION,
            "attachment; filename=\"jejak-audit.csv\"",
        ),
    ];
    Ok((headers, table).into_response())
}

impl Asked {
    fn query(&self) -> Result<AuditQuery, Problem> {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Ok(AuditQuery {
            act: given(&self.act),
            text: given(&self.text),
            from: day(&self.from)?,
            until: day(&self.until)?,
            before: self.before,
        })
    }

    /// The same question as a query.
    fn address(&self, before: Option<u64>) -> String {
        let fields = [
            ("act", &self.act),
            ("text", &self.text),
            ("from", &self.from),
            ("until", &self.until),
        ];
        let mut query: String = fields
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("&{name}={}", encoded(value)))
            .collect();
        if let Some(before) = before {
            query.push_str(&format!("&before={before}"));
        }
        query
    }
}

/// Percent-encoded (RFC 3986, 2.1).
fn encoded(text: &str) -> String {
    let octet = |octet: u8| match octet {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
            char::from(octet).to_string()
        }
        _ => format!("%{octet:02X}"),
    };
    text.bytes().map(octet).collect()
}

fn line_view(words: Words, line: AuditLine) -> LineView {
    LineView {
        at: words.moment(line.at),
        said: acts::said(words, &line.act).to_owned(),
        act: line.act,
        actor: line.actor,
        subject: line.subject,
        document: line.document.map(|id| {
            let number = line.number.unwrap_or_else(|| id.to_string());
            (format!("/console/documents/{id}"), number)
        }),
        facts: line.facts,
        erased: line.erased,
    }
}

fn row(line: &AuditLine) -> String {
    let facts: Vec<String> = line
        .facts
        .iter()
        .map(|(name, fact)| format!("{name}={fact}"))
        .collect();
    let cells = [
        line.index.to_string(),
        line.at.format(&Rfc3339).unwrap_or_default(),
        line.act.clone(),
        line.actor.clone(),
        line.subject.clone(),
        line.document.map(|id| id.to_string()).unwrap_or_default(),
        facts.join("; "),
    ];
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    format!("{}\r\n", cells.join(","))
}

/// A cell (RFC 4180). Spreadsheets run what looks like a formula: such text gets an
/// apostrophe before it.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_hold_quotes_and_defuse_formulas() {
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
        for text in ["=1+1", "+1", "-1", "@x", "\t=1"] {
            assert_eq!(cell(text), format!("\"'{text}\""));
        }
    }

    #[test]
    fn a_question_comes_back_as_it_was() {
        let asked = Asked {
            act: "key.".into(),
            text: "Siti & Budi".into(),
            ..Asked::default()
        };
        assert_eq!(
            asked.address(Some(7)),
            "&act=key.&text=Siti%20%26%20Budi&before=7"
        );
    }
}
