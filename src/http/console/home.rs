//! `GET /console`: where people arrive.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::respond::page;
use super::shell::ConsoleShell;
use super::staff::Staff;

#[derive(Template)]
#[template(path = "console-home.html")]
struct Home {
    console: ConsoleShell,
    name: String,
    office: String,
}

/// Who is signed in, and where he can go.
pub(super) async fn show(staff: Staff, console: ConsoleShell) -> Response {
    let home = Home {
        name: staff.person.name,
        office: staff.person.office,
        console: console.clone(),
    };
    page(StatusCode::OK, &console, &home)
}
