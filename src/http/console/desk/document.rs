//! `GET /console/documents/{id}`: a document's pages with the place of the signature
//! marked, and beside them everything that is weighed before a decision.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::facts::{self, Step};
use super::words::{Arrived, Due, Words};
use crate::domain::ids::DocumentId;
use crate::domain::language::Language;
use crate::http::console::respond::{PageProblem, page};
use crate::http::console::{ConsoleShell, Staff};
use crate::http::extract::{Path, Query};
use crate::http::pages::view::Fact;
use crate::http::state::App;
use crate::kernel::examination::{BlockPlace, Outline};
use crate::services::ServiceError;
use crate::services::administration::Caller;
use crate::services::desk::{Desk, Dossier, Duty, Pages, Task, Width};

#[derive(Template)]
#[template(path = "desk-document.html")]
struct DocumentPage {
    console: ConsoleShell,
    id: String,
    /// What was done just before, to another document.
    done: Option<String>,
    number: String,
    holder: String,
    duty: Option<String>,
    due: Option<Due>,
    position: Option<String>,
    before: Option<String>,
    next: Option<String>,
    sha256: String,
    sheets: Vec<Sheet>,
    unshown: Option<String>,
    facts: Vec<Fact>,
    data: Vec<Fact>,
    attachments: Vec<Fact>,
    steps: Vec<Step>,
    former: Option<FormerView>,
    act: ActView,
    read_at: Option<String>,
}

/// What the page offers to do.
enum ActView {
    /// Nothing: it is not this person's turn.
    Nothing(String),
    /// To approve a tier.
    Review { tier: u8 },
    /// To affirm that he has read it.
    Read,
    /// It can be approved, with the others that are read.
    Approve,
}

/// One page as a picture.
struct Sheet {
    number: usize,
    small: String,
    large: String,
    alt: String,
    /// The page's own size in points: what the mark is drawn in.
    width: u32,
    height: u32,
    mark: Option<Mark>,
}

/// Where the signature will stand, from the upper left.
struct Mark {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

struct FormerView {
    href: String,
    number: String,
    differences: Vec<String>,
}

/// `GET /console/documents/{id}`
pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    console: ConsoleShell,
    Path(id): Path<DocumentId>,
    Query(arrived): Query<Arrived>,
) -> Result<Response, PageProblem> {
    let failed = |error: ServiceError| PageProblem::new(console.clone(), error.into());
    let (person, services) = (&staff.person, app.services());
    let dossier = services.dossier(person, &id).await.map_err(failed)?;
    let desk = services.desk(person).await.map_err(failed)?;
    let caller = Caller::Person(person.clone());
    let pages = services.pages(&caller, &id).await.map_err(failed)?;
    let words = Words {
        language: console.shell.language,
        zone: app.settings().zone,
    };
    let shown = Showing {
        words,
        dossier: &dossier,
        desk: &desk,
        pages: &pages,
    };
    let document = shown.page(console.clone(), &arrived);
    Ok(page(StatusCode::OK, &console, &document))
}

/// What the page is made from.
struct Showing<'a> {
    words: Words,
    dossier: &'a Dossier,
    desk: &'a Desk,
    pages: &'a Pages,
}

impl Showing<'_> {
    fn page(&self, console: ConsoleShell, arrived: &Arrived) -> DocumentPage {
        let (words, dossier) = (self.words, self.dossier);
        let document = &dossier.view.document;
        let (before, next) = self.desk.neighbours(&document.id);
        let other = |task: &Task| task.document.id.to_string();
        let (data, attachments) = facts::data(document);
        let task = dossier.task.as_ref();
        DocumentPage {
            id: document.id.to_string(),
            done: arrived.in_words(words),
            number: document.metadata.number.clone(),
            holder: document.metadata.holder.name.clone(),
            duty: task.map(|task| words.duty(&task.duty)),
            due: task.map(|task| words.due(task.left(dossier.at))),
            position: self.position(),
            before: before.map(other),
            next: next.map(other),
            sha256: document.submitted.sha256.to_string(),
            sheets: self.sheets(),
            unshown: self.unshown(),
            facts: facts::of(words, dossier),
            data,
            attachments,
            steps: facts::steps(words, dossier),
            former: self.former(),
            act: self.act(),
            read_at: dossier.read_at.map(|at| words.moment(at)),
            console,
        }
    }

    fn position(&self) -> Option<String> {
        let id = self.dossier.view.document.id;
        let at = self.desk.tasks().position(|task| task.document.id == id)?;
        let (at, all) = (at + 1, self.desk.count());
        Some(match self.words.language {
            Language::Indonesian => format!("Dokumen {at} dari {all}"),
            Language::English => format!("Document {at} of {all}"),
        })
    }

    fn act(&self) -> ActView {
        match &self.dossier.task {
            None => ActView::Nothing(facts::standing(self.words, self.dossier)),
            Some(task) => match &task.duty {
                Duty::Review { tier, .. } => ActView::Review { tier: *tier },
                Duty::Sign { .. } if !task.read => ActView::Read,
                Duty::Sign { .. } => ActView::Approve,
            },
        }
    }

    fn unshown(&self) -> Option<String> {
        let error = self.pages.outline.as_ref().err()?;
        Some(error.to_string())
    }

    fn sheets(&self) -> Vec<Sheet> {
        let Ok(outline) = &self.pages.outline else {
            return Vec::new();
        };
        let sizes = outline.pages.iter().copied();
        (1..)
            .zip(sizes)
            .map(|(number, size)| self.sheet(outline, number, size))
            .collect()
    }

    fn sheet(&self, outline: &Outline, number: usize, (width, height): (f64, f64)) -> Sheet {
        let document = &self.dossier.view.document;
        let address = |drawn: Width| {
            format!(
                "/console/documents/{}/pages/{number}?width={}&file={}",
                document.id,
                drawn.pixels(),
                self.pages.file
            )
        };
        let count = outline.pages.len();
        let said = &document.metadata.number;
        let block = outline.block.filter(|block| block.page as usize == number);
        Sheet {
            number,
            small: address(Width::Narrow),
            large: address(Width::Wide),
            alt: match self.words.language {
                Language::Indonesian => {
                    format!("Gambar halaman {number} dari {count}, dokumen {said}")
                }
                Language::English => {
                    format!("Picture of page {number} of {count}, document {said}")
                }
            },
            width: width.round() as u32,
            height: height.round() as u32,
            mark: block.map(|block| Mark::from_upper_left(&block, height)),
        }
    }

    fn former(&self) -> Option<FormerView> {
        let former = self.dossier.former.as_ref()?;
        let differences = former.differences.iter();
        Some(FormerView {
            href: format!("/console/documents/{}", former.document.id),
            number: former.document.metadata.number.clone(),
            differences: differences
                .map(|difference| self.words.difference(difference))
                .collect(),
        })
    }
}

impl Mark {
    /// PDF counts from below, pictures from above.
    fn from_upper_left(block: &BlockPlace, page_height: f64) -> Self {
        let [x, y, width, height] = block.rect;
        Self {
            x,
            y: page_height - y - height,
            width,
            height,
        }
    }
}
