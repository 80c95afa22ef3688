//! Claims on idempotency keys.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::database::Database;
use super::sql::{Connection, params};
use crate::kernel::hash::Sha256;
use crate::services::ports::{Claim, ClaimToken, Claimed, CommitError, Idempotency, StoreError};

/// Stores the result of what was claimed, if the claim still stands.
pub(super) async fn answer(
    connection: &mut Connection,
    token: &ClaimToken,
    result: &[u8],
) -> Result<(), CommitError> {
    let sql = "UPDATE idempotency SET result = $4
               WHERE caller = $1 AND key = $2 AND serial = $3 AND result IS NULL";
    let values = params![
        token.caller.as_str(),
        token.key.as_str(),
        token.serial,
        result
    ];
    match connection.execute(sql, values).await? {
        0 => Err(CommitError::Stale("the idempotency key")),
        _ => Ok(()),
    }
}

async fn claim(connection: &mut Connection, claim: &Claim) -> Result<Claimed, CommitError> {
    // A claim that ran out without a result is taken over by who asks the same again. One
    // made later than this one would end was made by a clock that has gone back since.
    let sql = "INSERT INTO idempotency (caller, key, serial, request_sha256, at, until)
               VALUES ($1, $2, $3, $4, $5, $6)
               ON CONFLICT (caller, key) DO UPDATE
               SET serial = excluded.serial, at = excluded.at, until = excluded.until
               WHERE idempotency.result IS NULL
                   AND (idempotency.until <= excluded.at OR idempotency.at > excluded.until)
                   AND idempotency.request_sha256 = excluded.request_sha256";
    let values = params![
        claim.caller.as_str(),
        claim.key.as_str(),
        claim.serial,
        claim.request,
        claim.at,
        claim.until,
    ];
    if connection.execute(sql, values).await? > 0 {
        return Ok(Claimed::Fresh);
    }
    standing(connection, claim).await
}

async fn standing(connection: &mut Connection, claim: &Claim) -> Result<Claimed, CommitError> {
    let sql = "SELECT request_sha256, result FROM idempotency WHERE caller = $1 AND key = $2";
    let values = params![claim.caller.as_str(), claim.key.as_str()];
    let rows = connection.rows(sql, values).await?;
    let Some(row) = rows.first() else {
        return Ok(Claimed::InFlight);
    };
    if row.parsed::<Sha256>("idempotency.request_sha256")? != claim.request {
        return Ok(Claimed::OtherRequest);
    }
    let result = row.optional_octets("idempotency.result")?;
    Ok(result.map_or(Claimed::InFlight, Claimed::Done))
}

#[async_trait]
impl Idempotency for Database {
    async fn claim(&self, wanted: &Claim) -> Result<Claimed, StoreError> {
        let wanted = wanted.clone();
        let claimed = self
            .writer
            .write(move |connection| Box::pin(async move { claim(connection, &wanted).await }));
        Ok(claimed.await?)
    }

    async fn give_up_claim(&self, token: &ClaimToken) -> Result<(), StoreError> {
        let values = params![token.caller.as_str(), token.key.as_str(), token.serial];
        let released = self.writer.write(move |connection| {
            Box::pin(async move {
                let sql = "DELETE FROM idempotency
                           WHERE caller = $1 AND key = $2 AND serial = $3 AND result IS NULL";
                Ok(connection.execute(sql, values).await.map(drop)?)
            })
        });
        Ok(released.await?)
    }

    async fn free_claims(&self) -> Result<(), StoreError> {
        let freed = self.writer.write(|connection| {
            Box::pin(async move {
                let sql = "DELETE FROM idempotency WHERE result IS NULL";
                Ok(connection.execute(sql, params![]).await.map(drop)?)
            })
        });
        Ok(freed.await?)
    }

    async fn forget_claims(&self, before: OffsetDateTime) -> Result<(), StoreError> {
        let forgotten = self.writer.write(move |connection| {
            Box::pin(async move {
                let sql = "DELETE FROM idempotency WHERE at < $1 AND until < $1";
                Ok(connection.execute(sql, params![before]).await.map(drop)?)
            })
        });
        Ok(forgotten.await?)
    }
}
