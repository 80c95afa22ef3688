//! The daily report: every signature of one day at the office, in its order.

use time::{Date, OffsetDateTime, Time, UtcOffset};

use crate::domain::document::DocumentState;
use crate::domain::mandate::SigningRight;
use crate::domain::zone::Zone;
use crate::kernel::hash::Sha256;
use crate::services::error::ServiceError;
use crate::services::office::Services;

/// One signature of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedLine {
    /// When it was made.
    pub at: OffsetDateTime,
    /// The permit's number.
    pub number: String,
    /// The permit's type.
    pub permit_type: String,
    /// Who holds the permit.
    pub holder: String,
    /// Who signed.
    pub signatory: String,
    /// By what right.
    pub right: SigningRight,
    /// The issued file; none while it is being finished.
    pub issued: Option<Sha256>,
}

impl Services {
    /// What was signed on a day at the office.
    ///
    /// # Errors
    /// The store's.
    pub async fn signed_on(&self, day: Date) -> Result<Vec<SignedLine>, ServiceError> {
        let (from, until) = bounds(day, self.policy().zone);
        let permit_types = self.store().permit_types().await?;
        let people = self.store().people().await?;
        let mut lines = Vec::new();
        for made in self.store().signed_between(from, until).await? {
            let document = self.store().document(&made.document).await?;
            let intent = self.store().intent(&made.intent).await?;
            let Some((document, intent)) = document.zip(intent) else {
                continue;
            };
            let code = &document.metadata.permit_type;
            let of = permit_types.iter().find(|one| one.code == *code);
            let who = people.iter().find(|one| one.id == intent.signatory);
            lines.push(SignedLine {
                at: made.at,
                permit_type: of.map_or_else(|| code.to_string(), |one| one.name.clone()),
                signatory: who.map(|one| one.name.clone()).unwrap_or_default(),
                right: intent.right,
                issued: match &document.state {
                    DocumentState::Issued(issue) => Some(issue.original),
                    _ => None,
                },
                number: document.metadata.number,
                holder: document.metadata.holder.name,
            });
        }
        Ok(lines)
    }
}

/// The first moment of a day at the office, and that of the next.
#[must_use]
pub fn bounds(day: Date, zone: Zone) -> (OffsetDateTime, OffsetDateTime) {
    let at = |day: Date| {
        day.with_time(Time::MIDNIGHT)
            .assume_offset(zone.offset())
            .to_offset(UtcOffset::UTC)
    };
    (at(day), at(day.next_day().unwrap_or(day)))
}
