//! Mandates: who may sign now and on the coming days, by which decree; recorded and ended
//! by administrators.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use time::{Date, OffsetDateTime};

use super::super::desk::words::Words;
use super::daily::day;
use crate::domain::accounts::{Person, Role};
use crate::domain::event::Actor;
use crate::domain::ids::{MandateId, PersonId};
use crate::domain::mandate::{Mandate, MandateKind, Scope, SigningRight};
use crate::domain::permit_type::{PermitType, PermitTypeCode};
use crate::domain::zone::{Zone, date_in_words};
use crate::http::console::respond::{PageProblem, page};
use crate::http::console::{ConsoleShell, Staff, StaffForm};
use crate::http::extract::Path;
use crate::http::pages::view::Tone;
use crate::http::problem::{Kind, Problem};
use crate::http::state::App;
use crate::services::administration::NewMandate;
use crate::services::oversight::{MayNow, day_bounds};

/// How far the calendar reaches.
const DAYS: usize = 14;

#[derive(Template)]
#[template(path = "office-mandates.html")]
struct MandatesPage {
    console: ConsoleShell,
    /// Whether a proof by passkey is needed first.
    proof: bool,
    now: Vec<NowView>,
    days: Vec<DayView>,
    mandates: Vec<MandateView>,
    /// The form; only for administrators.
    form: Option<FormView>,
}

/// One signature that a permit type asks for.
struct NowView {
    name: String,
    office: String,
    people: Vec<(Tone, String)>,
}

struct DayView {
    day: String,
    mandates: Vec<String>,
}

struct MandateView {
    id: String,
    title: String,
    decree: String,
    period: String,
    scope: String,
    tone: Tone,
    state: String,
    can_end: bool,
}

struct FormView {
    people: Vec<(String, String)>,
    types: Vec<(String, String)>,
    today: String,
}

/// `GET /console/mandates`
pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    console: ConsoleShell,
) -> Result<Response, PageProblem> {
    let failed = |problem: Problem| PageProblem::new(console.clone(), problem);
    let office = app.administration();
    let people = office
        .people()
        .await
        .map_err(|error| failed(error.into()))?;
    let mandates = office.mandates().await;
    let mandates = mandates.map_err(|error| failed(error.into()))?;
    let may = app.services().may_sign_now().await;
    let may = may.map_err(|error| failed(error.into()))?;
    let types = office.permit_types().await;
    let types = types.map_err(|error| failed(error.into()))?;
    let words = Words {
        language: console.shell.language,
        zone: app.settings().zone,
    };
    let now = app.services().now();
    let administers = staff.is(Role::Administrator);
    let told = Told {
        words,
        people: &people,
        now,
    };
    let shown = MandatesPage {
        proof: !app.entry().is_proven(&staff.session),
        now: may.iter().map(|one| told.may(one)).collect(),
        days: told.days(&mandates),
        mandates: mandates
            .iter()
            .map(|one| told.mandate(one, administers))
            .collect(),
        form: administers.then(|| form(&told, &types)),
        console: console.clone(),
    };
    Ok(page(StatusCode::OK, &console, &shown))
}

/// Whom and what the form offers.
fn form(told: &Told<'_>, types: &[PermitType]) -> FormView {
    let able = told.people.iter().filter(|one| one.is(Role::Signatory));
    FormView {
        people: able
            .map(|one| (one.id.to_string(), one.name.clone()))
            .collect(),
        types: types
            .iter()
            .map(|one| (one.code.to_string(), one.name.clone()))
            .collect(),
        today: told.words.zone.date(told.now).to_string(),
    }
}

/// `POST /console/mandates`
pub(super) async fn add(State(app): State<App>, form: StaffForm) -> Response {
    let act = async {
        form.staff.require(Role::Administrator)?;
        form.staff.require_proof(&app)?;
        let new = new(&form, app.settings().zone)?;
        let actor = Actor::Person(form.staff.person.id);
        app.administration().add_mandate(actor, new).await?;
        Ok(())
    };
    back(act.await, &form)
}

/// `POST /console/mandates/{id}/end`
pub(super) async fn end(
    State(app): State<App>,
    Path(id): Path<MandateId>,
    form: StaffForm,
) -> Response {
    let act = async {
        form.staff.require(Role::Administrator)?;
        form.staff.require_proof(&app)?;
        let actor = Actor::Person(form.staff.person.id);
        app.administration().end_mandate(actor, id).await?;
        Ok(())
    };
    back(act.await, &form)
}

fn back(act: Result<(), Problem>, form: &StaffForm) -> Response {
    let lang = form.shell.shell.keep_language();
    match act {
        Ok(()) => Redirect::to(&format!("/console/mandates{lang}")).into_response(),
        Err(problem) => PageProblem::new(form.shell.clone(), problem).into_response(),
    }
}

/// What the form says. Its last day is the last on which the mandate is in force.
fn new(form: &StaffForm, zone: Zone) -> Result<NewMandate, Problem> {
    let wrong = |said: &'static str| Problem::new(Kind::InvalidRequest, said);
    let person = |name: &str| -> Result<PersonId, Problem> {
        let id = form.text(name).parse();
        id.map_err(|_| wrong("Choose both people."))
    };
    let date = |name: &str| -> Result<Date, Problem> {
        day(form.text(name))?.ok_or_else(|| wrong("Give the first and the last day."))
    };
    let codes: Result<Vec<PermitTypeCode>, _> = form.all("type").map(str::parse).collect();
    let codes = codes.map_err(|_| wrong("A permit type is not known."))?;
    Ok(NewMandate {
        kind: match form.text("kind") {
            "plt" => MandateKind::Plt,
            "plh" => MandateKind::Plh,
            _ => MandateKind::Delegation,
        },
        decree: form.text("decree").to_owned(),
        grantor: person("grantor")?,
        holder: person("holder")?,
        scope: if codes.is_empty() {
            Scope::All
        } else {
            Scope::PermitTypes(codes)
        },
        from: day_bounds(date("from")?, zone).0,
        until: day_bounds(date("until")?, zone).1,
    })
}

/// What the page is told with.
struct Told<'a> {
    words: Words,
    people: &'a [Person],
    now: OffsetDateTime,
}

impl Told<'_> {
    fn name(&self, id: PersonId) -> String {
        let found = self.people.iter().find(|one| one.id == id);
        found.map(|one| one.name.clone()).unwrap_or_default()
    }

    fn may(&self, one: &MayNow) -> NowView {
        let people = one.people.iter().map(|person| {
            let right = match &person.right {
                SigningRight::Own => String::new(),
                SigningRight::Mandate(mandate) => {
                    format!(" ({}, {})", mandate.kind.prefix(), mandate.decree)
                }
            };
            if person.has_key {
                return (Tone::Good, format!("{}{right}", person.name));
            }
            let keyless = self.words.say("tanpa kunci", "no key");
            (Tone::Look, format!("{}{right}: {keyless}", person.name))
        });
        let mut people: Vec<(Tone, String)> = people.collect();
        if people.is_empty() {
            let nobody = self.words.say("Tidak ada seorang pun", "Nobody");
            people.push((Tone::Bad, nobody.to_owned()));
        }
        NowView {
            name: format!("{} ({})", one.name, one.code),
            office: one.office.clone(),
            people,
        }
    }

    /// The coming days on which mandates are in force, days alike together.
    fn days(&self, mandates: &[Mandate]) -> Vec<DayView> {
        let zone = self.words.zone;
        let first = zone.date(self.now);
        let days = std::iter::successors(Some(first), |day| day.next_day()).take(DAYS);
        let mut runs: Vec<(Date, Date, Vec<String>)> = Vec::new();
        for day in days {
            let (from, until) = day_bounds(day, zone);
            let from = from.max(self.now);
            let on = |one: &&Mandate| {
                let end = one.revoked_at.unwrap_or(one.until).min(one.until);
                one.from < until && from < end
            };
            let titles: Vec<String> = mandates
                .iter()
                .filter(on)
                .map(|one| self.title(one))
                .collect();
            match runs.last_mut() {
                Some((_, last, same)) if *same == titles => *last = day,
                _ => runs.push((day, day, titles)),
            }
        }
        let view = |(first, last, mandates): (Date, Date, Vec<String>)| {
            let day = |day| date_in_words(day, self.words.language);
            DayView {
                day: if first == last {
                    day(first)
                } else {
                    format!("{} – {}", day(first), day(last))
                },
                mandates,
            }
        };
        runs.into_iter().map(view).collect()
    }

    fn title(&self, one: &Mandate) -> String {
        let (holder, grantor) = (self.name(one.holder), self.name(one.grantor));
        let of = self.words.say("untuk", "for");
        format!("{} {holder} {of} {grantor}", one.kind.prefix())
    }

    fn mandate(&self, one: &Mandate, administers: bool) -> MandateView {
        let words = self.words;
        let (tone, state) = if one.revoked_at.is_some_and(|end| end <= self.now) {
            (Tone::Calm, words.say("Diakhiri", "Ended early"))
        } else if one.until <= self.now {
            (Tone::Calm, words.say("Sudah berakhir", "Over"))
        } else if self.now < one.from {
            (Tone::Look, words.say("Belum berlaku", "Not yet in force"))
        } else {
            (Tone::Good, words.say("Berlaku", "In force"))
        };
        let open = one.revoked_at.is_none() && self.now < one.until;
        let day = |at| date_in_words(words.zone.date(at), words.language);
        let last = one.until - time::Duration::SECOND;
        MandateView {
            id: one.id.to_string(),
            title: self.title(one),
            decree: one.decree.clone(),
            period: format!(
                "{} {} {}",
                day(one.from),
                words.say("sampai", "to"),
                day(last)
            ),
            scope: match &one.scope {
                Scope::All => words.say("Semua jenis izin", "All permit types").to_owned(),
                Scope::PermitTypes(codes) => {
                    let codes: Vec<&str> = codes.iter().map(PermitTypeCode::as_str).collect();
                    codes.join(", ")
                }
            },
            tone,
            state: state.to_owned(),
            can_end: administers && open,
        }
    }
}
