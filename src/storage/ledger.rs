//! The one door through which the register is written.

use async_trait::async_trait;

use super::database::Database;
use super::sql::Connection;
use super::{
    accounts, approvals, ceremonies, certificates, credentials, documents, events, idempotency,
    intents, invitations, jobs, key_records, lockouts, mandates, permit_types, readings, revisions,
    sessions, settings,
};
use crate::services::fault;
use crate::services::ports::{Changes, CommitError, EntryWrite, Ledger, Write};

#[async_trait]
impl Ledger for Database {
    async fn commit(&self, changes: Changes) -> Result<(), CommitError> {
        let committed = self.writer.write(move |connection| {
            Box::pin(async move {
                for write in changes.writes() {
                    apply(connection, write).await?;
                }
                fault::point("log.before");
                events::append(connection, changes.leaves()).await?;
                fault::point("log.after");
                Ok(())
            })
        });
        committed.await
    }
}

async fn apply(connection: &mut Connection, write: &Write) -> Result<(), CommitError> {
    match write {
        Write::AddDocument(document) => documents::add(connection, document).await?,
        Write::SaveDocument(document) => documents::save(connection, document).await?,
        Write::AddReview(id, review) => documents::add_review(connection, *id, review).await?,
        Write::AddGate(id, gate) => documents::add_gate(connection, *id, gate).await?,
        Write::AddReading(reading) => readings::add(connection, reading).await?,
        Write::AddRevision(revision) => revisions::add(connection, revision).await?,
        Write::SavePermitType(permit_type) => permit_types::save(connection, permit_type).await?,
        Write::SaveClient(client, key) => accounts::save_client(connection, client, *key).await?,
        Write::SavePerson(person, key) => accounts::save_person(connection, person, *key).await?,
        Write::SaveMandate(mandate) => mandates::save(connection, mandate).await?,
        Write::SaveApproval(approval) => approvals::save(connection, approval).await?,
        Write::AddIntent(intent) => intents::add(connection, intent).await?,
        Write::AddAttempt(attempt) => intents::add_attempt(connection, attempt).await?,
        Write::AddSignature(signature) => intents::add_signature(connection, signature).await?,
        Write::SaveKey(key) => key_records::save(connection, key).await?,
        Write::EndLockout(person) => lockouts::end(connection, *person).await?,
        Write::SaveJob(job) => jobs::save(connection, job).await?,
        Write::EndJob(document) => jobs::end(connection, *document).await?,
        Write::AddMessage(message) => jobs::add_message(connection, message).await?,
        Write::SaveSetting(name, value) => settings::save(connection, name, value).await?,
        Write::RequireGood(id) => certificates::require_good(connection, id).await?,
        Write::Answer(token, result) => idempotency::answer(connection, token, result).await?,
        Write::Entry(write) => enter(connection, write).await?,
    }
    Ok(())
}

async fn enter(connection: &mut Connection, write: &EntryWrite) -> Result<(), CommitError> {
    match write {
        EntryWrite::AddInvitation(invitation, token) => {
            invitations::add(connection, invitation, token).await?;
        }
        EntryWrite::SpendInvitation(id, at) => invitations::spend(connection, *id, *at).await?,
        EntryWrite::AddCeremony(ceremony) => ceremonies::add(connection, ceremony).await?,
        EntryWrite::AddCredential(credential) => credentials::add(connection, credential).await?,
        EntryWrite::UseCredential(credential, before) => {
            credentials::used(connection, credential, *before).await?;
        }
        EntryWrite::EndCredential(credential) => credentials::end(connection, credential).await?,
        EntryWrite::AddKeyCopy(copy) => key_records::add_copy(connection, copy).await?,
        EntryWrite::AddSession(session, token) => {
            sessions::add(connection, session, token).await?;
        }
        EntryWrite::ProveSession(id, at) => sessions::prove(connection, *id, *at).await?,
        EntryWrite::EndSession(id, at) => sessions::end(connection, *id, *at).await?,
        EntryWrite::EndSessionsOf(person, at) => {
            sessions::end_all(connection, *person, *at).await?;
        }
    }
    Ok(())
}
