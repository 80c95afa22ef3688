//! `absah mandate`: who signs for whom, by which decree, for which permit types, from
//! when to when.

use clap::{Args, Subcommand, ValueEnum};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, Duration, OffsetDateTime, Time};

use super::administer::{AdministerArguments, Answer, administer};
use super::instance::{Instance, OPERATOR};
use super::outcome::{CliError, Outcome};
use crate::domain::accounts::Person;
use crate::domain::ids::{MandateId, PersonId};
use crate::domain::mandate::{Mandate, MandateKind, Scope};
use crate::domain::permit_type::PermitTypeCode;
use crate::domain::zone::Zone;
use crate::services::administration::NewMandate;

/// `absah mandate`
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    shared: AdministerArguments,
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Records a mandate
    Add(Box<New>),
    /// Lists the mandates
    List,
    /// Ends a mandate before its time
    End {
        /// Its id
        mandate: MandateId,
    },
}

#[derive(Debug, Args)]
struct New {
    /// Under which title it is used
    #[arg(long, value_enum)]
    kind: Kind,
    /// The number of the decree that gives it
    #[arg(long, value_name = "NUMBER")]
    decree: String,
    /// Whose right to sign it passes on: name, NIP or id
    #[arg(long, value_name = "PERSON")]
    grantor: String,
    /// Who holds it: name, NIP or id
    #[arg(long, value_name = "PERSON")]
    holder: String,
    /// A permit type it covers; without any, all that the grantor may sign
    #[arg(long = "permit-type", value_name = "CODE")]
    permit_types: Vec<PermitTypeCode>,
    /// The first day (2026-11-22), or a moment (RFC 3339)
    #[arg(long, value_name = "DAY", value_parser = moment)]
    from: Moment,
    /// The last day, or the moment from which it is no longer in force
    #[arg(long, value_name = "DAY", value_parser = moment)]
    until: Moment,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Kind {
    /// Pelaksana tugas: the office is vacant
    Plt,
    /// Pelaksana harian: the holder is away for some days
    Plh,
    /// A delegation of certain permit types
    Delegation,
}

impl From<Kind> for MandateKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Plt => Self::Plt,
            Kind::Plh => Self::Plh,
            Kind::Delegation => Self::Delegation,
        }
    }
}

/// A day at the office, or a moment.
#[derive(Clone, Copy, Debug)]
enum Moment {
    Day(Date),
    Exact(OffsetDateTime),
}

fn moment(text: &str) -> Result<Moment, String> {
    let day = Date::parse(text, format_description!("[year]-[month]-[day]"));
    day.map(Moment::Day)
        .or_else(|_| OffsetDateTime::parse(text, &Rfc3339).map(Moment::Exact))
        .map_err(|_| "a day looks like 2026-11-22, a moment like 2026-11-22T09:14:00+07:00".into())
}

impl Moment {
    fn begins(self, zone: Zone) -> OffsetDateTime {
        match self {
            Self::Day(day) => day.with_time(Time::MIDNIGHT).assume_offset(zone.offset()),
            Self::Exact(moment) => moment,
        }
    }

    /// The first moment after it: a last day is in force to its end.
    fn ends(self, zone: Zone) -> OffsetDateTime {
        match self {
            Self::Day(_) => self.begins(zone).saturating_add(Duration::DAY),
            Self::Exact(moment) => moment,
        }
    }
}

/// Administers mandates.
///
/// # Errors
/// There is no such person or mandate, or the instance does not open.
pub fn run(arguments: &Arguments) -> Result<Outcome, CliError> {
    administer(&arguments.shared, async |instance| {
        act(instance, &arguments.act).await
    })
}

async fn act(instance: &Instance, act: &Act) -> Result<Answer, CliError> {
    let office = instance.administration();
    let mandates = match act {
        Act::Add(new) => vec![add(instance, new).await?],
        Act::List => office.mandates().await?,
        Act::End { mandate } => vec![office.end_mandate(OPERATOR, *mandate).await?],
    };
    let people = office.people().await?;
    let zone = instance.config.office.zone;
    let now = instance.clock.now();
    Ok(Answer::list(&mandates, |one| line(one, &people, zone, now)))
}

async fn add(instance: &Instance, new: &New) -> Result<Mandate, CliError> {
    let office = instance.administration();
    let zone = instance.config.office.zone;
    let mandate = NewMandate {
        kind: new.kind.into(),
        decree: new.decree.clone(),
        grantor: office.find_person(&new.grantor).await?.id,
        holder: office.find_person(&new.holder).await?.id,
        scope: match new.permit_types.as_slice() {
            [] => Scope::All,
            codes => Scope::PermitTypes(codes.to_vec()),
        },
        from: new.from.begins(zone),
        until: new.until.ends(zone),
    };
    Ok(office.add_mandate(OPERATOR, mandate).await?)
}

fn line(mandate: &Mandate, people: &[Person], zone: Zone, now: OffsetDateTime) -> String {
    let name = |id: PersonId| {
        let found = people.iter().find(|person| person.id == id);
        found.map_or_else(|| id.to_string(), |person| person.name.clone())
    };
    let state = match mandate {
        one if one.in_force(now) => "in force",
        one if one.from > now && one.revoked_at.is_none() => "to come",
        _ => "ended",
    };
    let scope = match &mandate.scope {
        Scope::All => "all permit types".to_owned(),
        Scope::PermitTypes(codes) => {
            let codes: Vec<&str> = codes.iter().map(PermitTypeCode::as_str).collect();
            codes.join(", ")
        }
    };
    let last = zone.date(mandate.until - Duration::NANOSECOND);
    format!(
        "{}  {state:8}  {} {} for {}, decree {}, {} to {last}  ({scope})\n",
        mandate.id,
        mandate.kind.prefix(),
        name(mandate.holder),
        name(mandate.grantor),
        mandate.decree,
        zone.date(mandate.from),
    )
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn a_day_is_the_offices_and_in_force_to_its_end() {
        let day = moment("2026-11-22").unwrap();
        assert_eq!(day.begins(Zone::Wit), datetime!(2026-11-22 0:00 +9));
        assert_eq!(day.ends(Zone::Wib), datetime!(2026-11-23 0:00 +7));
        let exact = moment("2026-11-22T09:14:00+07:00").unwrap();
        assert_eq!(exact.begins(Zone::Wit), exact.ends(Zone::Wib));
        for wrong in ["22-11-2026", "2026-02-30", "besok", ""] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }
}
