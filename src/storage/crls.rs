//! Lists of revoked certificates, as published.

use super::database::Database;
use super::sql::{Row, params};
use crate::domain::event::{Act, Actor, Event, Subject};
use crate::kernel::hash::Sha256;
use crate::services::ports::{PublishedCrl, StoreError};

pub(super) async fn publish(
    database: &Database,
    issuer: &str,
    crl: &PublishedCrl,
) -> Result<(), StoreError> {
    let subject = Subject::RevocationList(format!("{issuer}/{}", crl.number));
    let event = Event::new(
        crl.this_update,
        Actor::Service,
        Act::RevocationListPublished,
        subject,
    )
    .with("sha256", Sha256::of(&crl.crl).to_string());
    let values = params![
        issuer,
        crl.number.cast_signed(),
        crl.this_update,
        crl.next_update,
        crl.crl.as_slice(),
    ];
    database
        .write_with_event(&event, move |connection| {
            Box::pin(async move {
                let sql = "INSERT INTO crls (issuer, number, this_update, next_update, crl)
                           VALUES ($1, $2, $3, $4, $5)";
                Ok(connection.execute(sql, values).await.map(drop)?)
            })
        })
        .await
}

fn crl(row: &Row) -> Result<PublishedCrl, StoreError> {
    Ok(PublishedCrl {
        number: row.number("crls.number")?,
        this_update: row.time("crls.this_update")?,
        next_update: row.time("crls.next_update")?,
        crl: row.octets("crls.crl")?,
    })
}

pub(super) async fn current(
    database: &Database,
    issuer: &str,
) -> Result<Option<PublishedCrl>, StoreError> {
    let sql = "SELECT number, this_update, next_update, crl FROM crls
               WHERE issuer = $1 ORDER BY number DESC LIMIT 1";
    let row = database.row(sql, params![issuer]).await?;
    row.as_ref().map(crl).transpose()
}
