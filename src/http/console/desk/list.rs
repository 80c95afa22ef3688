//! `GET /console`: what waits for who is signed in, the most urgent first, and what waits
//! for others.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use time::OffsetDateTime;

use super::words::{Arrived, Due, Words};
use crate::domain::service_clock::Left;
use crate::http::console::respond::{PageProblem, page};
use crate::http::console::{ConsoleShell, Staff};
use crate::http::extract::Query;
use crate::http::state::App;
use crate::services::ServiceError;
use crate::services::desk::{Desk, Elsewhere, Group, Stop, Task};

/// Tasks on the page, which stays below 150 KB with them.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(path = "desk-list.html")]
struct ListPage {
    console: ConsoleShell,
    /// What was done just before.
    done: Option<String>,
    heading: String,
    lead: Option<String>,
    groups: Vec<GroupView>,
    more: bool,
    /// Tasks that can be approved now.
    chosen: usize,
    /// The first document that he has not read.
    next: Option<String>,
    elsewhere: Vec<ElsewhereView>,
}

struct GroupView {
    name: String,
    code: String,
    class: String,
    tasks: Vec<TaskView>,
}

struct TaskView {
    id: String,
    number: String,
    holder: String,
    duty: String,
    wait: String,
    due: Due,
    read: bool,
    signs: bool,
}

struct ElsewhereView {
    name: String,
    stop: String,
    who: String,
    documents: String,
    due: Due,
}

/// `GET /console`
pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    console: ConsoleShell,
    Query(arrived): Query<Arrived>,
) -> Result<Response, PageProblem> {
    let failed = |error: ServiceError| PageProblem::new(console.clone(), error.into());
    let desk = app.services().desk(&staff.person).await.map_err(failed)?;
    let elsewhere = app.services().elsewhere(&staff.person);
    let elsewhere = elsewhere.await.map_err(failed)?;
    let words = Words {
        language: console.shell.language,
        zone: app.settings().zone,
    };
    let list = ListPage {
        done: arrived.in_words(words),
        heading: heading(words, &desk),
        lead: lead(words, &desk),
        chosen: desk
            .tasks()
            .take(SHOWN)
            .filter(|task| task.read && task.duty.is_signature())
            .count(),
        next: desk
            .tasks()
            .find(|task| !task.read)
            .map(|task| task.document.id.to_string()),
        more: desk.more || desk.count() > SHOWN,
        groups: fitting(desk.groups.iter().map(|group| group.tasks.len()), SHOWN)
            .zip(&desk.groups)
            .map(|(fits, group)| group_view(words, group, fits, desk.at))
            .filter(|group| !group.tasks.is_empty())
            .collect(),
        elsewhere: elsewhere
            .iter()
            .map(|one| elsewhere_view(words, one, desk.at))
            .collect(),
        console: console.clone(),
    };
    Ok(page(StatusCode::OK, &console, &list))
}

fn heading(words: Words, desk: &Desk) -> String {
    match desk.count() as u64 {
        0 => words
            .say("Tidak ada yang menunggu Anda", "Nothing waits for you")
            .to_owned(),
        1 => words
            .say("1 dokumen menunggu Anda", "1 document waits for you")
            .to_owned(),
        count => {
            let count = words.documents(count);
            words.fill("{} menunggu Anda", "{} wait for you", &count)
        }
    }
}

/// What is late, and what will be within the hour.
fn lead(words: Words, desk: &Desk) -> Option<String> {
    let count = |wanted: fn(Left) -> bool| {
        let tasks = desk.tasks().filter(|task| wanted(task.left(desk.at)));
        tasks.count() as u64
    };
    let late = count(Left::is_late);
    let soon = count(|left| matches!(left, Left::Left(left) if left < time::Duration::HOUR));
    let mut said = Vec::new();
    if late > 0 {
        said.push(words.fill("{} terlambat", "{} late", &words.documents(late)));
    }
    if soon > 0 {
        let soon = words.documents(soon);
        said.push(words.fill(
            "{} harus selesai dalam satu jam",
            "{} due within the hour",
            &soon,
        ));
    }
    (!said.is_empty()).then(|| format!("{}.", said.join(", ")))
}

/// How many of each group's tasks fit on the page.
fn fitting(counts: impl Iterator<Item = usize>, room: usize) -> impl Iterator<Item = usize> {
    counts.scan(room, |left, count| {
        let fits = count.min(*left);
        *left -= fits;
        Some(fits)
    })
}

fn group_view(words: Words, group: &Group, fits: usize, now: OffsetDateTime) -> GroupView {
    GroupView {
        name: group.name.clone(),
        code: group.code.to_string(),
        class: words.class(group.class),
        tasks: group
            .tasks
            .iter()
            .take(fits)
            .map(|task| task_view(words, task, now))
            .collect(),
    }
}

fn task_view(words: Words, task: &Task, now: OffsetDateTime) -> TaskView {
    let metadata = &task.document.metadata;
    TaskView {
        id: task.document.id.to_string(),
        number: metadata.number.clone(),
        holder: metadata.holder.name.clone(),
        duty: words.duty(&task.duty),
        wait: words.wait(task.since, task.deadline),
        due: words.due(task.left(now)),
        read: task.read,
        signs: task.duty.is_signature(),
    }
}

fn elsewhere_view(words: Words, one: &Elsewhere, now: OffsetDateTime) -> ElsewhereView {
    let nobody = match one.stop {
        Stop::Gates(_) => words.say("sistem perizinan", "the permit system"),
        Stop::Finish => words.say("layanan ini sendiri", "this service"),
        _ => words.say("belum ada orang yang ditunjuk", "nobody is appointed"),
    };
    ElsewhereView {
        name: one.name.clone(),
        stop: words.stop(&one.stop),
        who: if one.who.is_empty() {
            nobody.to_owned()
        } else {
            one.who.join(", ")
        },
        documents: words.documents(one.documents),
        due: words.due(Left::of(one.deadline, now)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_urgent_groups_fit_first() {
        let fits =
            |counts: &[usize]| fitting(counts.iter().copied(), SHOWN + 20).collect::<Vec<_>>();
        assert_eq!(fits(&[100, 50, 7]), [100, 20, 0]);
        assert_eq!(fits(&[3, 4]), [3, 4]);
        assert_eq!(fits(&[]), [0usize; 0]);
    }
}
