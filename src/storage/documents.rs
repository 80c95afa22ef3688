//! Documents with their reviews and gates.

use std::collections::HashSet;

use async_trait::async_trait;
use sqlx::AssertSqlSafe;
use time::OffsetDateTime;

use super::accounts::json;
use super::database::Database;
use super::sql::{Connection, Row, SqlError, Value, params, placeholders};
use super::{approvals, intents, queue, readings, revisions};
use crate::domain::approval::Approval;
use crate::domain::document::{Document, SubmittedFile};
use crate::domain::gate::MetGate;
use crate::domain::ids::{ApprovalId, ClientId, DocumentId, IntentId, PersonId};
use crate::domain::permit_type::PermitTypeCode;
use crate::domain::reading::Reading;
use crate::domain::review::{Decision, Review};
use crate::domain::revision::Revision;
use crate::domain::signing::{Attempt, Intent, SignaturePlace, StoredSignature};
use crate::kernel::code::DocumentCode;
use crate::kernel::hash::Sha256;
use crate::services::ports::{Backlog, CommitError, DocumentFilter, Documents, StoreError, Turn};

const COLUMNS: &str = "id, client, code, metadata, submitted_sha256, submitted_size, \
    submitted_at, signatures, current_sha256, state, generation";

/// How many files one question names: SQLite takes no more than 32766 values.
const FILES_ASKED_AT_ONCE: usize = 1_000;

pub(super) async fn add(connection: &mut Connection, document: &Document) -> Result<(), SqlError> {
    connection
        .execute(
            "INSERT INTO documents (id, client, code, permit_type, number, version, metadata,
                 submitted_sha256, submitted_size, submitted_at, signatures, current_sha256,
                 state_name, state, generation)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)",
            params![
                document.id,
                document.client,
                document.code,
                &document.metadata.permit_type,
                document.metadata.number.as_str(),
                document.metadata.version,
                json(&document.metadata),
                document.submitted.sha256,
                document.submitted.size.cast_signed(),
                document.submitted.at,
                document.signatures,
                document.current,
                document.state.name(),
                json(&document.state),
                document.generation.cast_signed(),
            ],
        )
        .await?;
    Ok(())
}

/// Stores what can change of a document, if no one else changed it meanwhile.
pub(super) async fn save(
    connection: &mut Connection,
    document: &Document,
) -> Result<(), CommitError> {
    let sql = "UPDATE documents SET signatures = $3, current_sha256 = $4, state_name = $5,
                   state = $6, generation = generation + 1
               WHERE id = $1 AND generation = $2";
    let values = params![
        document.id,
        document.generation.cast_signed(),
        document.signatures,
        document.current,
        document.state.name(),
        json(&document.state),
    ];
    match connection.execute(sql, values).await? {
        0 => Err(CommitError::Stale("the document")),
        _ => Ok(()),
    }
}

pub(super) async fn add_review(
    connection: &mut Connection,
    document: DocumentId,
    review: &Review,
) -> Result<(), SqlError> {
    let decision = match review.decision {
        Decision::Approve => "approve",
        Decision::Return => "return",
        Decision::Reject => "reject",
    };
    connection
        .execute(
            "INSERT INTO reviews (document, tier, reviewer, sha256, decision, reason, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            params![
                document,
                review.tier,
                review.reviewer,
                review.sha256,
                decision,
                review.reason.clone(),
                review.at,
            ],
        )
        .await?;
    Ok(())
}

pub(super) async fn add_gate(
    connection: &mut Connection,
    document: DocumentId,
    gate: &MetGate,
) -> Result<(), SqlError> {
    connection
        .execute(
            "INSERT INTO gates (document, name, reported_by, proof, at) VALUES ($1, $2, $3, $4, $5)",
            params![document, &gate.name, gate.reported_by, gate.proof.as_str(), gate.at],
        )
        .await?;
    Ok(())
}

fn document(row: &Row) -> Result<Document, StoreError> {
    Ok(Document {
        id: row.parsed("documents.id")?,
        client: row.parsed("documents.client")?,
        code: row.parsed("documents.code")?,
        metadata: row.json("documents.metadata")?,
        submitted: SubmittedFile {
            sha256: row.parsed("documents.submitted_sha256")?,
            size: row.number("documents.submitted_size")?,
            at: row.time("documents.submitted_at")?,
        },
        reviews: Vec::new(),
        gates: Vec::new(),
        signatures: row.number("documents.signatures")?,
        current: row.parsed("documents.current_sha256")?,
        state: row.json("documents.state")?,
        generation: row.number("documents.generation")?,
    })
}

fn review(row: &Row) -> Result<(DocumentId, Review), StoreError> {
    let review = Review {
        tier: row.number("reviews.tier")?,
        reviewer: row.parsed("reviews.reviewer")?,
        sha256: row.parsed("reviews.sha256")?,
        decision: decision(&row.text("reviews.decision")?)?,
        reason: row.optional_text("reviews.reason")?,
        at: row.time("reviews.at")?,
    };
    Ok((row.parsed("reviews.document")?, review))
}

fn decision(name: &str) -> Result<Decision, StoreError> {
    match name {
        "approve" => Ok(Decision::Approve),
        "return" => Ok(Decision::Return),
        "reject" => Ok(Decision::Reject),
        other => Err(super::sql::corrupt("reviews.decision", &other)),
    }
}

fn gate(row: &Row) -> Result<(DocumentId, MetGate), StoreError> {
    let gate = MetGate {
        name: row.parsed("gates.name")?,
        reported_by: row.parsed("gates.reported_by")?,
        proof: row.text("gates.proof")?,
        at: row.time("gates.at")?,
    };
    Ok((row.parsed("gates.document")?, gate))
}

impl Database {
    pub(super) async fn documents_where(
        &self,
        rest: &str,
        values: Vec<Value>,
    ) -> Result<Vec<Document>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM documents WHERE {rest}");
        let rows = self.rows(AssertSqlSafe(sql), values).await?;
        let mut documents: Vec<Document> = rows.iter().map(document).collect::<Result<_, _>>()?;
        self.add_reviews(&mut documents).await?;
        self.add_gates(&mut documents).await?;
        Ok(documents)
    }

    async fn add_reviews(&self, documents: &mut [Document]) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT document, tier, reviewer, sha256, decision, reason, at FROM reviews
             WHERE document IN ({}) ORDER BY tier",
            placeholders(documents.len())
        );
        for row in self.rows_of(documents, sql).await? {
            let (id, review) = review(&row)?;
            if let Some(document) = documents.iter_mut().find(|document| document.id == id) {
                document.reviews.push(review);
            }
        }
        Ok(())
    }

    async fn add_gates(&self, documents: &mut [Document]) -> Result<(), StoreError> {
        let sql = format!(
            "SELECT document, name, reported_by, proof, at FROM gates
             WHERE document IN ({}) ORDER BY at, name",
            placeholders(documents.len())
        );
        for row in self.rows_of(documents, sql).await? {
            let (id, gate) = gate(&row)?;
            if let Some(document) = documents.iter_mut().find(|document| document.id == id) {
                document.gates.push(gate);
            }
        }
        Ok(())
    }

    async fn rows_of(&self, documents: &[Document], sql: String) -> Result<Vec<Row>, StoreError> {
        if documents.is_empty() {
            return Ok(Vec::new());
        }
        let ids = documents
            .iter()
            .map(|document| Value::from(document.id))
            .collect();
        self.rows(AssertSqlSafe(sql), ids).await
    }

    /// Which of these files something names.
    async fn named_files(&self, files: &[Sha256]) -> Result<HashSet<Sha256>, StoreError> {
        let list = placeholders(files.len());
        let sql = format!(
            "SELECT submitted_sha256 AS file FROM documents WHERE submitted_sha256 IN ({list})
             UNION SELECT current_sha256 FROM documents WHERE current_sha256 IN ({list})
             UNION SELECT prepared_sha256 FROM intents WHERE prepared_sha256 IN ({list})
             UNION SELECT sha256 FROM revisions WHERE sha256 IN ({list})"
        );
        let values = files.iter().map(Value::from).collect();
        let rows = self.rows(AssertSqlSafe(sql), values).await?;
        rows.iter().map(|row| row.parsed("file")).collect()
    }

    async fn the_document(
        &self,
        rest: &str,
        values: Vec<Value>,
    ) -> Result<Option<Document>, StoreError> {
        Ok(self.documents_where(rest, values).await?.into_iter().next())
    }
}

#[async_trait]
impl Documents for Database {
    async fn document(&self, id: &DocumentId) -> Result<Option<Document>, StoreError> {
        self.the_document("id = $1", params![id]).await
    }

    async fn document_by_code(&self, code: DocumentCode) -> Result<Option<Document>, StoreError> {
        self.the_document("code = $1", params![code]).await
    }

    async fn documents_by_number(
        &self,
        client: &ClientId,
        number: &str,
    ) -> Result<Vec<Document>, StoreError> {
        self.documents_where(
            "client = $1 AND number = $2 ORDER BY version DESC",
            params![client, number],
        )
        .await
    }

    async fn documents(&self, filter: &DocumentFilter) -> Result<Vec<Document>, StoreError> {
        let rest = "($1 IS NULL OR client = $1) AND ($2 IS NULL OR number = $2)
            AND ($3 IS NULL OR permit_type = $3) AND ($4 IS NULL OR state_name = $4)
            AND ($5 IS NULL OR submitted_at >= $5) AND ($6 IS NULL OR submitted_at < $6)
            AND ($7 IS NULL OR id < $7)
            ORDER BY id DESC LIMIT $8";
        let values = params![
            filter.client.map(|client| client.to_string()),
            filter.number.clone(),
            filter.permit_type.as_ref().map(ToString::to_string),
            filter.state.clone(),
            filter.from,
            filter.until,
            filter.before.map(|id| id.to_string()),
            filter.limit,
        ];
        self.documents_where(rest, values).await
    }

    async fn waiting(
        &self,
        turn: Turn,
        permit_types: &[PermitTypeCode],
        limit: u32,
    ) -> Result<Vec<Document>, StoreError> {
        queue::waiting(self, turn, permit_types, limit).await
    }

    async fn backlog(&self) -> Result<Vec<Backlog>, StoreError> {
        queue::backlog(self).await
    }

    async fn last_issued(
        &self,
        permit_type: &PermitTypeCode,
        before: OffsetDateTime,
    ) -> Result<Option<Document>, StoreError> {
        queue::last_issued(self, permit_type, before).await
    }

    async fn readings(
        &self,
        person: &PersonId,
        documents: &[DocumentId],
    ) -> Result<Vec<Reading>, StoreError> {
        readings::of(self, person, documents).await
    }

    async fn documents_by_submitted(&self, sha256: &Sha256) -> Result<Vec<Document>, StoreError> {
        self.documents_where("submitted_sha256 = $1 ORDER BY id DESC", params![sha256])
            .await
    }

    async fn count_by_state(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let sql = "SELECT state_name, COUNT(*) AS count FROM documents
                   GROUP BY state_name ORDER BY state_name";
        let rows = self.rows(sql, params![]).await?;
        let count = |row: &Row| Ok((row.text("documents.state_name")?, row.number("count")?));
        rows.iter().map(count).collect()
    }

    async fn revision(&self, sha256: &Sha256) -> Result<Option<Revision>, StoreError> {
        revisions::find(self, sha256).await
    }

    async fn revisions(&self, document: &DocumentId) -> Result<Vec<Revision>, StoreError> {
        revisions::of(self, document).await
    }

    async fn intent(&self, id: &IntentId) -> Result<Option<Intent>, StoreError> {
        intents::find(self, id).await
    }

    async fn intents(&self, document: &DocumentId) -> Result<Vec<Intent>, StoreError> {
        intents::of(self, document).await
    }

    async fn attempts(&self, intent: &IntentId) -> Result<Vec<Attempt>, StoreError> {
        intents::attempts(self, intent).await
    }

    async fn signature(
        &self,
        place: &SignaturePlace,
    ) -> Result<Option<StoredSignature>, StoreError> {
        intents::signature_at(self, place).await
    }

    async fn signatures(&self, document: &DocumentId) -> Result<Vec<StoredSignature>, StoreError> {
        intents::signatures_of(self, document).await
    }

    async fn document_by_signature(
        &self,
        value: &Sha256,
    ) -> Result<Option<DocumentId>, StoreError> {
        intents::document_by_value(self, value).await
    }

    async fn unnamed_files(&self, files: &[Sha256]) -> Result<Vec<Sha256>, StoreError> {
        let mut unnamed = Vec::new();
        for chunk in files.chunks(FILES_ASKED_AT_ONCE) {
            let named = self.named_files(chunk).await?;
            unnamed.extend(chunk.iter().filter(|file| !named.contains(file)));
        }
        Ok(unnamed)
    }

    async fn approval(&self, id: &ApprovalId) -> Result<Option<Approval>, StoreError> {
        approvals::find(self, id).await
    }
}
