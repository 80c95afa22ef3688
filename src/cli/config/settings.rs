//! Every setting, once: name, shape and meaning. The reader, the environment and
//! the documentation are all made from this table.

/// How a setting's value is written in the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As it is.
    Text,
    /// Digits.
    Number,
    /// `true` or `false`.
    Flag,
    /// Values with commas between them.
    List,
}

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// The section it stands in.
    pub section: &'static str,
    /// Its name there.
    pub key: &'static str,
    /// How it is written in the environment.
    pub shape: Shape,
    /// What it decides, and its default.
    pub meaning: &'static str,
}

impl Setting {
    /// Its name in the environment: `ABSAH_SERVER_LISTEN`.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("ABSAH_{}_{}", self.section, self.key).to_ascii_uppercase()
    }
}

const fn setting(
    section: &'static str,
    key: &'static str,
    shape: Shape,
    meaning: &'static str,
) -> Setting {
    Setting {
        section,
        key,
        shape,
        meaning,
    }
}

/// All of them.
#[rustfmt::skip]
pub const SETTINGS: &[Setting] = &[
    setting("office", "name", Shape::Text, "The office as every page and verdict names it."),
    setting("office", "contact", Shape::Text, "Whom a reader asks when in doubt: telephone or e-mail."),
    setting("office", "zone", Shape::Text, "The zone times are shown in: WIB, WITA or WIT (WIB)."),
    setting("server", "listen", Shape::Text, "Address and port to listen on (127.0.0.1:8080)."),
    setting("server", "public_url", Shape::Text, "What QR codes, certificates and links name (http://localhost:PORT). Cannot change once certificates and permits carry it."),
    setting("server", "tls_cert", Shape::Text, "PEM file: certificate chain, leaf first. With tls_key, TLS is served here."),
    setting("server", "tls_key", Shape::Text, "PEM file: the private key of tls_cert."),
    setting("server", "trusted_proxies", Shape::List, "Networks of proxies whose X-Forwarded-For is believed, as CIDR (none)."),
    setting("storage", "data", Shape::Text, "Folder of the embedded database, the documents and the authority (absah-data)."),
    setting("storage", "database_url_file", Shape::Text, "File that holds the URL of a PostgreSQL database; without it SQLite in the data folder."),
    setting("authority", "demonstration", Shape::Flag, "Whether a demonstration authority is made and labelled so everywhere (true)."),
    setting("authority", "service_passphrase_file", Shape::Text, "File that holds the passphrase of the keys that sign timestamps and OCSP responses, and of the seal (a random one beside the keys). CRLs are signed by the issuing CA's key, which no running service but a demonstration opens."),
    setting("timestamps", "urls", Shape::List, "Time-stamping authorities (RFC 3161), tried in this order (our own)."),
    setting("timestamps", "anchors", Shape::List, "PEM files: the roots that those authorities' certificates lead to. Needed with urls."),
    setting("timestamps", "intermediates", Shape::List, "PEM files: issuing certificates that their tokens do not carry."),
    setting("timestamps", "patience_seconds", Shape::Number, "How long one of them may take before the next is asked (10)."),
    setting("timestamps", "revocation_hosts", Shape::List, "The only hosts asked for revocation data of their certificates (any with a public address)."),
    setting("timestamps", "private_hosts", Shape::List, "Hosts of revocation data that may have a private address (none)."),
    setting("psre", "anchors", Shape::List, "PEM files: roots of recognised certification providers (PSrE) whose certificates signatories hold."),
    setting("psre", "intermediates", Shape::List, "PEM files: their issuing certificates that chains may lack."),
    setting("psre", "revocation_hosts", Shape::List, "The only hosts asked for revocation data of their certificates (any with a public address)."),
    setting("psre", "private_hosts", Shape::List, "Hosts of revocation data that may have a private address (none)."),
    setting("verification", "offline", Shape::Flag, "Whether nobody is asked for the revocation data that an uploaded file lacks (false: hosts of psre and timestamps are, for chains that lead to their anchors)."),
    setting("console", "idle_minutes", Shape::Number, "How long a session of the console lasts without being used (15)."),
    setting("console", "session_hours", Shape::Number, "How long it lasts at most (8)."),
    setting("console", "proof_minutes", Shape::Number, "How long a proof with the passkey serves for sensitive acts (5)."),
    setting("limits", "upload_bytes", Shape::Number, "The largest file taken (26214400)."),
    setting("limits", "request_seconds", Shape::Number, "The longest time a request is worked on (60)."),
    setting("limits", "idle_seconds", Shape::Number, "The longest time a body may stall (30)."),
    setting("limits", "lookups_per_minute", Shape::Number, "Public look-ups by code or hash per address and minute (120)."),
    setting("limits", "uploads_per_minute", Shape::Number, "Public verifications by upload per address and minute (20)."),
    setting("log", "format", Shape::Text, "text or json (text)."),
    setting("log", "level", Shape::Text, "error, warn, info, debug, or tracing directives (info)."),
];
