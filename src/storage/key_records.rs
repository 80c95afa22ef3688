//! Signatories' keys: one in use for each person, the former ones kept.

use async_trait::async_trait;

use super::accounts::json;
use super::database::Database;
use super::sql::{Connection, Row, SqlError, corrupt, params};
use crate::domain::credentials::CredentialId;
use crate::domain::ids::PersonId;
use crate::kernel::hash::Sha256;
use crate::kernel::sign::SignatureAlgorithm;
use crate::services::ports::{KeyCopy, KeyRecord, KeyRecords, StoreError};

pub(super) async fn save(connection: &mut Connection, key: &KeyRecord) -> Result<(), SqlError> {
    connection
        .execute(
            "UPDATE signatory_keys SET ended_at = $2 WHERE person = $1 AND ended_at IS NULL",
            params![key.person, key.at],
        )
        .await?;
    let chain: Vec<String> = key.chain.iter().map(hex::encode).collect();
    connection
        .execute(
            "INSERT INTO signatory_keys (person, fingerprint, certificate, chain, algorithm, kind, sealed, at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            params![
                key.person,
                key.fingerprint(),
                key.certificate.as_slice(),
                json(&chain),
                key.algorithm.algorithm_identifier(),
                key.kind.as_str(),
                key.sealed.as_slice(),
                key.at,
            ],
        )
        .await?;
    Ok(())
}

pub(super) async fn add_copy(connection: &mut Connection, copy: &KeyCopy) -> Result<(), SqlError> {
    let sql =
        "INSERT INTO key_copies (fingerprint, credential, sealed, at) VALUES ($1, $2, $3, $4)";
    let values = params![
        copy.certificate,
        &copy.credential,
        copy.sealed.as_slice(),
        copy.at,
    ];
    connection.execute(sql, values).await.map(drop)
}

fn key(row: &Row) -> Result<KeyRecord, StoreError> {
    let chain: Vec<String> = row.json("signatory_keys.chain")?;
    let chain: Result<_, _> = chain.iter().map(hex::decode).collect();
    Ok(KeyRecord {
        person: row.parsed("signatory_keys.person")?,
        certificate: row.octets("signatory_keys.certificate")?,
        chain: chain.map_err(|error| corrupt("signatory_keys.chain", &error))?,
        algorithm: SignatureAlgorithm::from_der(&row.octets("signatory_keys.algorithm")?)
            .map_err(|error| corrupt("signatory_keys.algorithm", &error))?,
        kind: row.text("signatory_keys.kind")?,
        sealed: row.octets("signatory_keys.sealed")?,
        at: row.time("signatory_keys.at")?,
    })
}

#[async_trait]
impl KeyRecords for Database {
    async fn key_in_use(&self, person: &PersonId) -> Result<Option<KeyRecord>, StoreError> {
        let sql =
            "SELECT person, certificate, chain, algorithm, kind, sealed, at FROM signatory_keys
                   WHERE person = $1 AND ended_at IS NULL";
        let row = self.row(sql, params![person]).await?;
        row.as_ref().map(key).transpose()
    }

    async fn key_of_certificate(
        &self,
        certificate: &Sha256,
    ) -> Result<Option<KeyRecord>, StoreError> {
        let sql =
            "SELECT person, certificate, chain, algorithm, kind, sealed, at FROM signatory_keys
                   WHERE fingerprint = $1";
        let row = self.row(sql, params![certificate]).await?;
        row.as_ref().map(key).transpose()
    }

    async fn key_copy(
        &self,
        certificate: &Sha256,
        credential: &CredentialId,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT sealed FROM key_copies WHERE fingerprint = $1 AND credential = $2";
        let row = self.row(sql, params![certificate, credential]).await?;
        row.map(|row| row.octets("key_copies.sealed")).transpose()
    }
}
