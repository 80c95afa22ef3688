//! A permit type laid down or changed: one form for everything that a decree says of it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::domain::accounts::{Person, Role};
use crate::domain::event::Actor;
use crate::domain::ids::PersonId;
use crate::domain::permit_type::{
    GateName, PermitType, PermitTypeCode, ServiceClass, SignatureSlot,
};
use crate::domain::review::Tier;
use crate::http::console::respond::{PageProblem, page};
use crate::http::console::{ConsoleShell, Staff, StaffForm};
use crate::http::extract::{Path, Query};
use crate::http::problem::{Kind, Problem};
use crate::http::state::App;
use crate::kernel::pdf::placement::Placement;

/// Tiers and signatures that the form has room for.
const TIERS: usize = 4;
const SLOTS: usize = 3;

#[derive(Template)]
#[template(path = "office-type.html")]
struct TypePage {
    console: ConsoleShell,
    /// Whether a proof by passkey is needed first.
    proof: bool,
    /// Whether it is there already: its code then stays.
    known: bool,
    code: String,
    name: String,
    days: Option<u16>,
    gates: String,
    active: bool,
    tiers: Vec<TierView>,
    slots: Vec<SlotView>,
}

struct TierView {
    number: usize,
    name: String,
    people: Vec<Choice>,
}

struct SlotView {
    number: usize,
    office: String,
    people: Vec<Choice>,
    place: Place,
}

struct Choice {
    id: String,
    name: String,
    chosen: bool,
}

/// Where a block goes, as the form writes it. What it cannot write is kept as it is.
#[derive(Default)]
struct Place {
    page: Option<u32>,
    rect: Option<[f64; 4]>,
    kept: bool,
}

impl Place {
    /// The rectangle, or a usual one to begin with.
    fn numbers(&self) -> [f64; 4] {
        self.rect.unwrap_or([330.0, 90.0, 200.0, 100.0])
    }
}

/// Where the placement's page was clicked.
#[derive(Debug, Deserialize)]
pub(super) struct Clicked {
    slot: Option<usize>,
    page: Option<u32>,
    x: Option<f64>,
    y: Option<f64>,
    w: Option<f64>,
    h: Option<f64>,
}

/// `GET /console/types/new`
pub(super) async fn new(
    State(app): State<App>,
    staff: Staff,
    console: ConsoleShell,
) -> Result<Response, PageProblem> {
    let failed = |problem: Problem| PageProblem::new(console.clone(), problem);
    staff.require(Role::Administrator).map_err(failed)?;
    let people = app.administration().people().await;
    let people = people.map_err(|error| failed(error.into()))?;
    let mut form = form(&console, None, &people, None);
    form.proof = !app.entry().is_proven(&staff.session);
    Ok(page(StatusCode::OK, &console, &form))
}

/// `GET /console/types/{code}`
pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    console: ConsoleShell,
    Path(code): Path<PermitTypeCode>,
    Query(clicked): Query<Clicked>,
) -> Result<Response, PageProblem> {
    let failed = |problem: Problem| PageProblem::new(console.clone(), problem);
    staff.require(Role::Administrator).map_err(failed)?;
    let office = app.administration();
    let people = office
        .people()
        .await
        .map_err(|error| failed(error.into()))?;
    let known = office.permit_type(&code).await;
    let known = known.map_err(|error| failed(error.into()))?;
    let mut form = form(&console, Some(&known), &people, Some(&clicked));
    form.proof = !app.entry().is_proven(&staff.session);
    Ok(page(StatusCode::OK, &console, &form))
}

/// `POST /console/types/save`
pub(super) async fn save(State(app): State<App>, form: StaffForm) -> Response {
    let act = async {
        form.staff.require(Role::Administrator)?;
        form.staff.require_proof(&app)?;
        let code: PermitTypeCode = parsed(form.text("code"), "the code")?;
        let known = app.administration().permit_types().await?;
        let known = known.into_iter().find(|one| one.code == code);
        let written = written(&form, code, known.as_ref())?;
        let actor = Actor::Person(form.staff.person.id);
        let office = app.administration();
        office.save_permit_type(actor, &written).await?;
        Ok(())
    };
    let saved: Result<(), Problem> = act.await;
    match saved {
        Ok(()) => {
            let lang = form.shell.shell.keep_language();
            Redirect::to(&format!("/console/types{lang}")).into_response()
        }
        Err(problem) => PageProblem::new(form.shell.clone(), problem).into_response(),
    }
}

fn form(
    console: &ConsoleShell,
    known: Option<&PermitType>,
    people: &[Person],
    clicked: Option<&Clicked>,
) -> TypePage {
    let tier = |number: usize| {
        let of = known.and_then(|one| one.tiers.get(number));
        TierView {
            number,
            name: of.map(|tier| tier.name.clone()).unwrap_or_default(),
            people: choices(people, Role::Reviewer, of.map(|tier| &*tier.reviewers)),
        }
    };
    let slot = |number: usize| {
        let of = known.and_then(|one| one.signatures.get(number));
        let click = clicked.filter(|click| click.slot == Some(number));
        SlotView {
            number,
            office: of.map(|slot| slot.office.clone()).unwrap_or_default(),
            people: choices(people, Role::Signatory, of.map(|slot| &*slot.signatories)),
            place: click
                .and_then(Place::clicked)
                .or_else(|| of.map(|slot| Place::of(&slot.placement)))
                .unwrap_or_default(),
        }
    };
    let gates = known.iter().flat_map(|one| &one.gates);
    let gates: Vec<&str> = gates.map(GateName::as_str).collect();
    TypePage {
        console: console.clone(),
        proof: true,
        known: known.is_some(),
        code: known.map(|one| one.code.to_string()).unwrap_or_default(),
        name: known.map(|one| one.name.clone()).unwrap_or_default(),
        days: match known.map(|one| one.service_class) {
            Some(ServiceClass::WorkingDays(days)) => Some(days),
            _ => None,
        },
        gates: gates.join(", "),
        active: known.is_none_or(|one| one.active),
        tiers: (0..TIERS).map(tier).collect(),
        slots: (0..SLOTS).map(slot).collect(),
    }
}

fn choices(people: &[Person], role: Role, chosen: Option<&[PersonId]>) -> Vec<Choice> {
    let able = people.iter().filter(|one| one.is(role));
    able.map(|one| Choice {
        id: one.id.to_string(),
        name: one.name.clone(),
        chosen: chosen.is_some_and(|chosen| chosen.contains(&one.id)),
    })
    .collect()
}

/// What the form says. What it does not show of a known type stays as it is.
fn written(
    form: &StaffForm,
    code: PermitTypeCode,
    known: Option<&PermitType>,
) -> Result<PermitType, Problem> {
    let mut tiers = Vec::new();
    for number in 0..TIERS {
        let name = form.text(&format!("tier{number}"));
        if !name.is_empty() {
            let reviewers = ids(form, &format!("tier{number}-person"))?;
            let name = name.to_owned();
            tiers.push(Tier { name, reviewers });
        }
    }
    let mut signatures = Vec::new();
    for number in 0..SLOTS {
        let office = form.text(&format!("slot{number}"));
        if office.is_empty() {
            continue;
        }
        let before = known.and_then(|one| one.signatures.get(number));
        let field = before.map(|slot| slot.field.clone());
        signatures.push(SignatureSlot {
            field: field.unwrap_or_else(|| format!("Signature{}", number + 1)),
            office: office.to_owned(),
            signatories: ids(form, &format!("slot{number}-person"))?,
            placement: placement(form, number, before)?,
        });
    }
    let gates = form.text("gates").split([',', ' ']);
    let gates = gates.filter(|name| !name.is_empty());
    let gates: Result<Vec<GateName>, Problem> =
        gates.map(|name| parsed(name, "a gate's name")).collect();
    let days = form.text("days");
    Ok(PermitType {
        code,
        name: form.text("name").to_owned(),
        signatures,
        tiers,
        gates: gates?,
        service_class: match form.text("class") {
            "days" => ServiceClass::WorkingDays(parsed(days, "the number of days")?),
            _ => ServiceClass::ThreeHours,
        },
        active: form.text("active") == "yes",
    })
}

fn placement(
    form: &StaffForm,
    number: usize,
    before: Option<&SignatureSlot>,
) -> Result<Placement, Problem> {
    let text = |name: &str| form.text(&format!("slot{number}-{name}"));
    match (text("how"), before) {
        ("keep", Some(slot)) => Ok(slot.placement.clone()),
        ("rect", _) => {
            let number = |name: &str| parsed::<f64>(text(name), "the place of the block");
            Ok(Placement::Rect {
                page: parsed(text("page"), "the page of the block")?,
                rect: [number("x")?, number("y")?, number("w")?, number("h")?],
            })
        }
        _ => Ok(Placement::Invisible),
    }
}

fn ids(form: &StaffForm, name: &str) -> Result<Vec<PersonId>, Problem> {
    let ids = form.all(name);
    ids.map(|id| parsed(id, "a person")).collect()
}

fn parsed<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, Problem> {
    let read = text.parse();
    read.map_err(|_| Problem::new(Kind::InvalidRequest, format!("Check {what}: {text:?}.")))
}

impl Place {
    fn of(placement: &Placement) -> Self {
        match placement {
            Placement::Rect { page, rect } => Self {
                page: Some(*page),
                rect: Some(*rect),
                kept: false,
            },
            Placement::Invisible => Self::default(),
            Placement::Tag(_) | Placement::Field(_) => Self {
                kept: true,
                ..Self::default()
            },
        }
    }

    fn clicked(click: &Clicked) -> Option<Self> {
        Some(Self {
            page: Some(click.page?),
            rect: Some([click.x?, click.y?, click.w?, click.h?]),
            kept: false,
        })
    }
}
