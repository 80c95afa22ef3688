//! The frame of the console's pages: office, language, who is signed in, where he can go.

use axum::extract::FromRequestParts as _;
use axum::http::request::Parts;

use super::assets;
use super::staff::Staff;
use crate::domain::accounts::Role;
use crate::http::pages::shell::Shell;
use crate::http::state::App;

/// The frame around a page of the console.
#[derive(Clone, Debug)]
pub struct ConsoleShell {
    /// What every page shares.
    pub shell: Shell,
    /// Who is signed in.
    pub signed_in: Option<SignedIn>,
}

/// Who is signed in, as pages say it.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The name.
    pub name: String,
    /// The session's token, for forms and scripts.
    pub csrf: String,
    /// Where he can go.
    pub ways: Vec<Way>,
}

/// One entry of the navigation.
#[derive(Clone, Debug)]
pub struct Way {
    /// Where it leads.
    pub href: &'static str,
    /// What it says.
    pub text: String,
    /// Whether he is there.
    pub here: bool,
}

impl ConsoleShell {
    /// The frame for who is signed in.
    pub async fn of(parts: &mut Parts, app: &App, staff: &Staff) -> Self {
        let Ok(shell) = Shell::from_request_parts(parts, app).await;
        let ways = ways(&shell, staff, parts.uri.path());
        Self {
            signed_in: Some(SignedIn {
                name: staff.person.name.clone(),
                csrf: staff.csrf.as_str().to_owned(),
                ways,
            }),
            shell,
        }
    }

    /// The frame for who is not.
    #[must_use]
    pub fn outside(shell: Shell) -> Self {
        Self {
            shell,
            signed_in: None,
        }
    }

    /// One of two texts.
    #[must_use]
    pub fn say<'a>(&self, indonesian: &'a str, english: &'a str) -> &'a str {
        self.shell.say(indonesian, english)
    }

    /// Where a script is.
    #[must_use]
    pub fn script(&self, name: &str) -> String {
        assets::path(name)
    }

    /// The session's token; empty outside of one.
    #[must_use]
    pub fn csrf(&self) -> &str {
        let signed_in = self.signed_in.as_ref();
        signed_in.map_or("", |one| one.csrf.as_str())
    }
}

/// Who sees how the office works.
const OVERSEERS: &[Role] = &[Role::Administrator, Role::Auditor];

/// Where people can go, by their roles.
fn ways(shell: &Shell, staff: &Staff, path: &str) -> Vec<Way> {
    let all: [(&'static str, (&str, &str), &[Role]); 8] = [
        ("/console", ("Meja kerja", "Desk"), &[]),
        ("/console/mandates", ("Mandat", "Mandates"), &[]),
        (
            "/console/report",
            ("Laporan harian", "Daily report"),
            &[Role::Signatory, Role::Administrator, Role::Auditor],
        ),
        ("/console/keys", ("Kunci", "Keys"), OVERSEERS),
        ("/console/types", ("Jenis izin", "Permit types"), OVERSEERS),
        (
            "/console/clients",
            ("Sistem perizinan", "Permit systems"),
            &[Role::Administrator],
        ),
        ("/console/audit", ("Jejak audit", "Audit trail"), OVERSEERS),
        ("/console/passkeys", ("Passkey saya", "My passkeys"), &[]),
    ];
    let allowed = |roles: &[Role]| roles.is_empty() || roles.iter().any(|role| staff.is(*role));
    let way = |(href, (indonesian, english), _): (&'static str, (&str, &str), &[Role])| Way {
        href,
        text: shell.say(indonesian, english).to_owned(),
        here: href == path || (href != "/console" && path.starts_with(href)),
    };
    all.into_iter()
        .filter(|(_, _, roles)| allowed(roles))
        .map(way)
        .collect()
}

/// The frame for who is signed in; nobody, where nobody is.
impl axum::extract::FromRequestParts<App> for ConsoleShell {
    type Rejection = super::staff::NotSignedIn;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let staff = Staff::from_request_parts(parts, app).await?;
        Ok(Self::of(parts, app, &staff).await)
    }
}
