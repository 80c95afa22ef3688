//! `GET /console/types/{code}/place`: where the signature's block goes, chosen by clicking
//! on a page of a document of this type.
//!
//! The picture is an image button: browsers send where it was clicked, without script
//! (HTML, 4.10.5.1.19). It is shown at a fixed width, so that the click can be turned into
//! points of the page.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use crate::domain::accounts::Role;
use crate::domain::ids::DocumentId;
use crate::domain::permit_type::PermitTypeCode;
use crate::http::console::respond::{PageProblem, page};
use crate::http::console::{ConsoleShell, Staff};
use crate::http::extract::{Path, Query};
use crate::http::problem::Problem;
use crate::http::state::App;
use crate::kernel::hash::Sha256;
use crate::services::administration::Caller;
use crate::services::desk::Width;
use crate::services::ports::DocumentFilter;

/// The picture's width on the screen: that of the narrowest telephone.
const SHOWN: u32 = 320;
/// The block's size in points where nothing else is said.
const BLOCK: (f64, f64) = (200.0, 100.0);

#[derive(Template)]
#[template(path = "office-place.html")]
struct PlacePage {
    console: ConsoleShell,
    code: String,
    slot: usize,
    page: usize,
    /// The other pages.
    pages: Vec<usize>,
    picture: Option<String>,
    width: u32,
    height: u32,
    size: (f64, f64),
}

/// What is asked, and where the picture was clicked.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    slot: usize,
    page: Option<usize>,
    #[serde(rename = "at.x")]
    x: Option<f64>,
    #[serde(rename = "at.y")]
    y: Option<f64>,
}

/// `GET /console/types/{code}/place`
pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    console: ConsoleShell,
    Path(code): Path<PermitTypeCode>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageProblem> {
    let failed = |problem: Problem| PageProblem::new(console.clone(), problem);
    staff.require(Role::Administrator).map_err(failed)?;
    let caller = Caller::Person(staff.person.clone());
    let services = app.services();
    let found = services.documents(&caller, newest(&code)).await;
    let found = found.map_err(|error| failed(error.into()))?;
    let number = asked.page.unwrap_or(1).max(1);
    let mut shown = PlacePage {
        code: code.to_string(),
        slot: asked.slot,
        page: number,
        pages: Vec::new(),
        picture: None,
        width: SHOWN,
        height: 0,
        size: BLOCK,
        console: console.clone(),
    };
    let Some(document) = found.first() else {
        return Ok(page(StatusCode::OK, &console, &shown));
    };
    let pages = services.pages(&caller, &document.id).await;
    let pages = pages.map_err(|error| failed(error.into()))?;
    let sizes = pages.outline.map(|outline| outline.pages);
    let sizes = sizes.unwrap_or_default();
    let Some(size) = sizes.get(number - 1) else {
        return Ok(page(StatusCode::OK, &console, &shown));
    };
    if let Some(click) = asked.x.zip(asked.y) {
        let place = lower_left(click, *size, BLOCK);
        let lang = console.shell.keep_language().replace('?', "&");
        let form = format!("{}{lang}", address(&code, asked.slot, number, place));
        return Ok(Redirect::to(&form).into_response());
    }
    shown.pages = (1..=sizes.len()).filter(|one| *one != number).collect();
    shown.height = (f64::from(SHOWN) * size.1 / size.0.max(1.0)).round() as u32;
    shown.picture = Some(picture(&document.id, number, &pages.file));
    Ok(page(StatusCode::OK, &console, &shown))
}

/// The document of a type that came last.
fn newest(code: &PermitTypeCode) -> DocumentFilter {
    DocumentFilter {
        permit_type: Some(code.clone()),
        limit: 1,
        ..DocumentFilter::default()
    }
}

/// Where a page's picture is.
fn picture(document: &DocumentId, page: usize, file: &Sha256) -> String {
    let width = Width::Narrow.pixels();
    format!("/console/documents/{document}/pages/{page}?width={width}&file={file}")
}

/// The permit type's form with a block's place filled in.
fn address(code: &PermitTypeCode, slot: usize, page: usize, [x, y]: [f64; 2]) -> String {
    let (width, height) = BLOCK;
    format!("/console/types/{code}?slot={slot}&page={page}&x={x}&y={y}&w={width}&h={height}")
}

/// The block's lower left corner in whole points, its middle where the click was, moved so
/// that it stays on the page.
fn lower_left((x, y): (f64, f64), (across, up): (f64, f64), block: (f64, f64)) -> [f64; 2] {
    let scale = across / f64::from(SHOWN);
    let within = |value: f64, most: f64| value.clamp(0.0, most.max(0.0)).floor();
    [
        within(x * scale - block.0 / 2.0, across - block.0),
        within(up - y * scale - block.1 / 2.0, up - block.1),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_becomes_points_from_the_lower_left() {
        let page = (640.0, 800.0);
        let block = (200.0, 100.0);
        assert_eq!(lower_left((160.0, 200.0), page, block), [220.0, 350.0]);
        assert_eq!(lower_left((0.0, 0.0), page, block), [0.0, 700.0]);
        assert_eq!(lower_left((320.0, 400.0), page, block), [440.0, 0.0]);
        let small = (100.0, 50.0);
        assert_eq!(lower_left((10.0, 10.0), small, block), [0.0, 0.0]);
    }
}
