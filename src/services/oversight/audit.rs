//! The audit trail as people read it: events newest first, by act, time and text.

use std::collections::HashMap;

use serde_json::Value;
use time::{Date, OffsetDateTime};

use super::daily::bounds;
use crate::domain::ids::DocumentId;
use crate::services::error::ServiceError;
use crate::services::office::Services;
use crate::services::ports::{EventFilter, LoggedEvent};

/// How many events are read at once.
const CHUNK: u32 = 500;
/// How many events are looked through for one page: a search of a text that is nowhere
/// ends.
const LOOKED_THROUGH: u32 = 20_000;

/// How many lines get their documents' numbers; an export has none.
const NUMBERED: usize = 100;

/// What is looked for. What is not said does not restrict.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// Acts whose name begins so.
    pub act: Option<String>,
    /// A text anywhere in the line: a name, an id, a number, a hash.
    pub text: Option<String>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
    /// Before this place in the log.
    pub before: Option<u64>,
}

/// A page of the trail.
#[derive(Debug, Clone, Default)]
pub struct AuditPage {
    /// The lines, newest first.
    pub lines: Vec<AuditLine>,
    /// Where the next page begins, if there may be more.
    pub next: Option<u64>,
}

/// One event as a person reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its place in the log.
    pub index: u64,
    /// When.
    pub at: OffsetDateTime,
    /// What was done.
    pub act: String,
    /// Who did it.
    pub actor: String,
    /// To what.
    pub subject: String,
    /// The document, where it is about one.
    pub document: Option<DocumentId>,
    /// The document's number, on a page that people read.
    pub number: Option<String>,
    /// What else belongs to the record.
    pub facts: Vec<(String, String)>,
    /// Whether its content was erased; the log still proves that it was there.
    pub erased: bool,
}

/// Names of those whom events name by id.
type Names = HashMap<String, String>;

impl Services {
    /// A page of the audit trail with at most so many lines.
    ///
    /// # Errors
    /// The store's.
    pub async fn audit(&self, query: &AuditQuery, most: usize) -> Result<AuditPage, ServiceError> {
        let mut page = self.found(query, most).await?;
        if page.lines.len() <= NUMBERED {
            self.number(&mut page).await?;
        }
        Ok(page)
    }

    async fn found(&self, query: &AuditQuery, most: usize) -> Result<AuditPage, ServiceError> {
        let names = self.names().await?;
        let zone = self.policy().zone;
        let mut filter = EventFilter {
            act: query.act.clone(),
            from: query.from.map(|day| bounds(day, zone).0),
            until: query.until.map(|day| bounds(day, zone).1),
            before: query.before,
            limit: CHUNK,
        };
        let mut page = AuditPage::default();
        let mut looked = 0;
        loop {
            let events = self.store().events_matching(&filter).await?;
            for event in &events {
                filter.before = Some(event.index);
                let line = AuditLine::read(event, &names);
                if !line.has(query.text.as_deref()) {
                    continue;
                }
                if page.lines.len() == most {
                    page.next = Some(event.index + 1);
                    return Ok(page);
                }
                page.lines.push(line);
            }
            looked += CHUNK;
            if events.len() < CHUNK as usize {
                return Ok(page);
            }
            if looked >= LOOKED_THROUGH {
                page.next = filter.before;
                return Ok(page);
            }
        }
    }

    /// Adds the numbers of the documents that a page is about.
    async fn number(&self, page: &mut AuditPage) -> Result<(), ServiceError> {
        let mut numbers: HashMap<DocumentId, String> = HashMap::new();
        for line in &mut page.lines {
            let Some(id) = line.document else {
                continue;
            };
            if !numbers.contains_key(&id)
                && let Some(document) = self.store().document(&id).await?
            {
                numbers.insert(id, document.metadata.number);
            }
            line.number = numbers.get(&id).cloned();
        }
        Ok(())
    }

    async fn names(&self) -> Result<Names, ServiceError> {
        let people = self.store().people().await?;
        let clients = self.store().clients().await?;
        let people = people.into_iter().map(|one| (one.id.to_string(), one.name));
        let clients = clients
            .into_iter()
            .map(|one| (one.id.to_string(), one.name));
        Ok(people.chain(clients).collect())
    }
}

impl AuditLine {
    fn read(event: &LoggedEvent, names: &Names) -> Self {
        let erased = event.opening.is_none();
        let payload = event.opening.as_ref().map(|(_, payload)| payload);
        let value: Value = payload
            .and_then(|payload| serde_json::from_slice(payload).ok())
            .unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let facts = value["facts"].as_object();
        Self {
            index: event.index,
            at: event.at,
            act: text(&value["act"]),
            actor: named(&value["actor"], names),
            subject: named(&value["subject"], names),
            document: text(&value["subject"]["id"])
                .parse()
                .ok()
                .filter(|_| value["subject"]["kind"] == "document"),
            number: None,
            facts: facts
                .into_iter()
                .flatten()
                .map(|(name, fact)| (name.clone(), plain(fact)))
                .collect(),
            erased,
        }
    }

    fn has(&self, text: Option<&str>) -> bool {
        let Some(text) = text else {
            return true;
        };
        let wanted = text.to_lowercase();
        let facts = self.facts.iter().map(|(_, fact)| fact);
        [&self.act, &self.actor, &self.subject]
            .into_iter()
            .chain(facts)
            .any(|part| part.to_lowercase().contains(&wanted))
    }
}

/// Someone or something that an event names: by its name where it has one.
fn named(value: &Value, names: &Names) -> String {
    let kind = value["kind"].as_str().unwrap_or_default();
    match value["id"].as_str() {
        Some(id) => match names.get(id) {
            Some(name) => name.clone(),
            None => format!("{kind} {id}"),
        },
        None => kind.to_owned(),
    }
}

fn plain(fact: &Value) -> String {
    match fact {
        Value::String(text) => text.clone(),
        Value::Array(texts) => {
            let texts: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
            texts.join(", ")
        }
        other => other.to_string(),
    }
}
