-- SQLite: times are microseconds since 1970 UTC; ids, hashes and states are text.

-- Accounts and what the office laid down. `body` is the entity as JSON; the columns beside it are what is searched.
CREATE TABLE clients (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    key_sha256 TEXT CONSTRAINT clients_key UNIQUE,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE people (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    key_sha256 TEXT CONSTRAINT people_key UNIQUE,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE permit_types (
    code TEXT PRIMARY KEY,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE mandates (
    id TEXT PRIMARY KEY,
    grantor TEXT NOT NULL REFERENCES people (id),
    holder TEXT NOT NULL REFERENCES people (id),
    body TEXT NOT NULL
) STRICT;
CREATE INDEX mandates_by_holder ON mandates (holder);

CREATE TABLE signatory_keys (
    person TEXT NOT NULL REFERENCES people (id),
    fingerprint TEXT NOT NULL,
    certificate BLOB NOT NULL,
    chain TEXT NOT NULL,
    algorithm BLOB NOT NULL,
    kind TEXT NOT NULL,
    sealed BLOB NOT NULL,
    at INTEGER NOT NULL,
    ended_at INTEGER,
    PRIMARY KEY (person, fingerprint)
) STRICT;
CREATE INDEX signatory_keys_by_certificate ON signatory_keys (fingerprint);
CREATE UNIQUE INDEX signatory_keys_in_use ON signatory_keys (person) WHERE ended_at IS NULL;

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- Documents.
CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    client TEXT NOT NULL REFERENCES clients (id),
    code TEXT NOT NULL CONSTRAINT documents_code UNIQUE,
    permit_type TEXT NOT NULL REFERENCES permit_types (code),
    number TEXT NOT NULL,
    version INTEGER NOT NULL,
    metadata TEXT NOT NULL,
    submitted_sha256 TEXT NOT NULL,
    submitted_size INTEGER NOT NULL,
    submitted_at INTEGER NOT NULL,
    signatures INTEGER NOT NULL,
    current_sha256 TEXT NOT NULL,
    state_name TEXT NOT NULL,
    state TEXT NOT NULL,
    generation INTEGER NOT NULL,
    CONSTRAINT documents_number UNIQUE (client, number, version)
) STRICT;
CREATE INDEX documents_by_state ON documents (state_name, id);
CREATE INDEX documents_by_number ON documents (number);
CREATE INDEX documents_by_submitted ON documents (submitted_sha256);

CREATE TABLE revisions (
    document TEXT NOT NULL REFERENCES documents (id),
    ordinal INTEGER NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (document, ordinal)
) STRICT;

CREATE TABLE reviews (
    document TEXT NOT NULL REFERENCES documents (id),
    tier INTEGER NOT NULL,
    reviewer TEXT NOT NULL REFERENCES people (id),
    sha256 TEXT NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT,
    at INTEGER NOT NULL,
    PRIMARY KEY (document, tier)
) STRICT;

CREATE TABLE gates (
    document TEXT NOT NULL REFERENCES documents (id),
    name TEXT NOT NULL,
    reported_by TEXT NOT NULL REFERENCES clients (id),
    proof TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (document, name)
) STRICT;

-- Signing. attempts >= key operations >= signatures.
CREATE TABLE approvals (
    id TEXT PRIMARY KEY,
    signatory TEXT NOT NULL REFERENCES people (id),
    state TEXT NOT NULL,
    asked INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;

CREATE TABLE intents (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL REFERENCES documents (id),
    approval TEXT NOT NULL REFERENCES approvals (id),
    prepared_sha256 TEXT NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX intents_by_document ON intents (document, id);

CREATE TABLE attempts (
    id TEXT PRIMARY KEY,
    intent TEXT NOT NULL REFERENCES intents (id),
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX attempts_by_intent ON attempts (intent, id);

-- At most one signature is stored for each place, and one for each intent: by these constraints, not by a lock.
CREATE TABLE signatures (
    document TEXT NOT NULL REFERENCES documents (id),
    revision INTEGER NOT NULL,
    field TEXT NOT NULL,
    intent TEXT NOT NULL CONSTRAINT signatures_intent UNIQUE REFERENCES intents (id),
    attempt TEXT NOT NULL REFERENCES attempts (id),
    value BLOB NOT NULL,
    value_sha256 TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT signatures_place PRIMARY KEY (document, revision, field)
) STRICT;
CREATE INDEX signatures_by_value ON signatures (value_sha256);

-- The authority: a row is there before its certificate is signed.
CREATE TABLE certificates (
    issuer TEXT NOT NULL,
    serial TEXT NOT NULL,
    profile TEXT NOT NULL,
    subject TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    linted BLOB NOT NULL,
    at INTEGER NOT NULL,
    certificate BLOB,
    revoked_at INTEGER,
    reason TEXT,
    invalid_since INTEGER,
    CONSTRAINT certificates_serial PRIMARY KEY (issuer, serial)
) STRICT;

CREATE TABLE crl_numbers (
    issuer TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

CREATE TABLE crls (
    issuer TEXT NOT NULL,
    number INTEGER NOT NULL,
    this_update INTEGER NOT NULL,
    next_update INTEGER NOT NULL,
    crl BLOB NOT NULL,
    PRIMARY KEY (issuer, number)
) STRICT;

CREATE TABLE time_marks (
    instance TEXT PRIMARY KEY,
    mark INTEGER NOT NULL
) STRICT;

-- Calls done once.
CREATE TABLE idempotency (
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    serial INTEGER NOT NULL,
    request_sha256 TEXT NOT NULL,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    result BLOB,
    PRIMARY KEY (caller, key)
) STRICT;
CREATE INDEX idempotency_by_age ON idempotency (at);

-- What is still to be done, and said.
CREATE TABLE jobs (
    document TEXT PRIMARY KEY REFERENCES documents (id),
    tries INTEGER NOT NULL,
    waiting_for TEXT,
    due INTEGER NOT NULL,
    leased_until INTEGER NOT NULL
) STRICT;
CREATE INDEX jobs_by_due ON jobs (due);

CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    document TEXT REFERENCES documents (id),
    body TEXT NOT NULL,
    at INTEGER NOT NULL,
    sent_at INTEGER
) STRICT;

-- The log: leaves without gaps; salt and payload alone can be erased, together, once.
CREATE TABLE log_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    size INTEGER NOT NULL
) STRICT;
INSERT INTO log_state (id, size) VALUES (1, 0);

CREATE TABLE events (
    leaf INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    act TEXT NOT NULL,
    document TEXT REFERENCES documents (id),
    commitment TEXT NOT NULL,
    leaf_sha256 TEXT NOT NULL,
    salt BLOB,
    payload BLOB
) STRICT;
CREATE INDEX events_by_document ON events (document, leaf);

CREATE TRIGGER events_stay BEFORE DELETE ON events
BEGIN
    SELECT RAISE(ABORT, 'events are never deleted');
END;

CREATE TRIGGER events_only_forget BEFORE UPDATE ON events
WHEN NEW.salt IS NOT NULL OR NEW.payload IS NOT NULL
    OR NEW.leaf IS NOT OLD.leaf OR NEW.at IS NOT OLD.at OR NEW.act IS NOT OLD.act
    OR NEW.document IS NOT OLD.document OR NEW.commitment IS NOT OLD.commitment
    OR NEW.leaf_sha256 IS NOT OLD.leaf_sha256
BEGIN
    SELECT RAISE(ABORT, 'an event can only lose its salt and payload');
END;

CREATE TRIGGER log_only_grows BEFORE UPDATE ON log_state
WHEN NEW.size < OLD.size
BEGIN
    SELECT RAISE(ABORT, 'the log only grows');
END;
