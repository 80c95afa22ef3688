-- PostgreSQL: times are microseconds since 1970 UTC; ids, hashes and states are text.

-- Accounts and what the office laid down. `body` is the entity as JSON; the columns beside it are what is searched.
CREATE TABLE clients (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    key_sha256 TEXT CONSTRAINT clients_key UNIQUE,
    body TEXT NOT NULL
);

CREATE TABLE people (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    key_sha256 TEXT CONSTRAINT people_key UNIQUE,
    body TEXT NOT NULL
);

CREATE TABLE permit_types (
    code TEXT PRIMARY KEY,
    body TEXT NOT NULL
);

CREATE TABLE mandates (
    id TEXT PRIMARY KEY,
    grantor TEXT NOT NULL REFERENCES people (id),
    holder TEXT NOT NULL REFERENCES people (id),
    body TEXT NOT NULL
);
CREATE INDEX mandates_by_holder ON mandates (holder);

CREATE TABLE signatory_keys (
    person TEXT NOT NULL REFERENCES people (id),
    fingerprint TEXT NOT NULL,
    certificate BYTEA NOT NULL,
    chain TEXT NOT NULL,
    algorithm BYTEA NOT NULL,
    kind TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (person, fingerprint)
);
CREATE INDEX signatory_keys_by_certificate ON signatory_keys (fingerprint);
CREATE UNIQUE INDEX signatory_keys_in_use ON signatory_keys (person) WHERE ended_at IS NULL;

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Documents.
CREATE TABLE documents (
    id TEXT PRIMARY KEY,
    client TEXT NOT NULL REFERENCES clients (id),
    code TEXT NOT NULL CONSTRAINT documents_code UNIQUE,
    permit_type TEXT NOT NULL REFERENCES permit_types (code),
    number TEXT NOT NULL,
    version BIGINT NOT NULL,
    metadata TEXT NOT NULL,
    submitted_sha256 TEXT NOT NULL,
    submitted_size BIGINT NOT NULL,
    submitted_at BIGINT NOT NULL,
    signatures BIGINT NOT NULL,
    current_sha256 TEXT NOT NULL,
    state_name TEXT NOT NULL,
    state TEXT NOT NULL,
    generation BIGINT NOT NULL,
    CONSTRAINT documents_number UNIQUE (client, number, version)
);
CREATE INDEX documents_by_state ON documents (state_name, id);
CREATE INDEX documents_by_number ON documents (number);
CREATE INDEX documents_by_submitted ON documents (submitted_sha256);

CREATE TABLE revisions (
    document TEXT NOT NULL REFERENCES documents (id),
    ordinal BIGINT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    size BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (document, ordinal)
);

CREATE TABLE reviews (
    document TEXT NOT NULL REFERENCES documents (id),
    tier BIGINT NOT NULL,
    reviewer TEXT NOT NULL REFERENCES people (id),
    sha256 TEXT NOT NULL,
    decision TEXT NOT NULL,
    reason TEXT,
    at BIGINT NOT NULL,
    PRIMARY KEY (document, tier)
);

CREATE TABLE gates (
    document TEXT NOT NULL REFERENCES documents (id),
    name TEXT NOT NULL,
    reported_by TEXT NOT NULL REFERENCES clients (id),
    proof TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (document, name)
);

-- Signing. attempts >= key operations >= signatures.
CREATE TABLE approvals (
    id TEXT PRIMARY KEY,
    signatory TEXT NOT NULL REFERENCES people (id),
    state TEXT NOT NULL,
    asked BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE intents (
    id TEXT PRIMARY KEY,
    document TEXT NOT NULL REFERENCES documents (id),
    approval TEXT NOT NULL REFERENCES approvals (id),
    prepared_sha256 TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX intents_by_document ON intents (document, id);

CREATE TABLE attempts (
    id TEXT PRIMARY KEY,
    intent TEXT NOT NULL REFERENCES intents (id),
    at BIGINT NOT NULL
);
CREATE INDEX attempts_by_intent ON attempts (intent, id);

-- At most one signature is stored for each place, and one for each intent: by these constraints, not by a lock.
CREATE TABLE signatures (
    document TEXT NOT NULL REFERENCES documents (id),
    revision BIGINT NOT NULL,
    field TEXT NOT NULL,
    intent TEXT NOT NULL CONSTRAINT signatures_intent UNIQUE REFERENCES intents (id),
    attempt TEXT NOT NULL REFERENCES attempts (id),
    value BYTEA NOT NULL,
    value_sha256 TEXT NOT NULL,
    at BIGINT NOT NULL,
    CONSTRAINT signatures_place PRIMARY KEY (document, revision, field)
);
CREATE INDEX signatures_by_value ON signatures (value_sha256);

-- The authority: a row is there before its certificate is signed.
CREATE TABLE certificates (
    issuer TEXT NOT NULL,
    serial TEXT NOT NULL,
    profile TEXT NOT NULL,
    subject TEXT NOT NULL,
    not_before BIGINT NOT NULL,
    not_after BIGINT NOT NULL,
    linted BYTEA NOT NULL,
    at BIGINT NOT NULL,
    certificate BYTEA,
    revoked_at BIGINT,
    reason TEXT,
    invalid_since BIGINT,
    CONSTRAINT certificates_serial PRIMARY KEY (issuer, serial)
);

CREATE TABLE crl_numbers (
    issuer TEXT PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE crls (
    issuer TEXT NOT NULL,
    number BIGINT NOT NULL,
    this_update BIGINT NOT NULL,
    next_update BIGINT NOT NULL,
    crl BYTEA NOT NULL,
    PRIMARY KEY (issuer, number)
);

CREATE TABLE time_marks (
    instance TEXT PRIMARY KEY,
    mark BIGINT NOT NULL
);

-- Calls done once.
CREATE TABLE idempotency (
    caller TEXT NOT NULL,
    key TEXT NOT NULL,
    serial BIGINT NOT NULL,
    request_sha256 TEXT NOT NULL,
    at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    result BYTEA,
    PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_by_age ON idempotency (at);

-- What is still to be done, and said.
CREATE TABLE jobs (
    document TEXT PRIMARY KEY REFERENCES documents (id),
    tries BIGINT NOT NULL,
    waiting_for TEXT,
    due BIGINT NOT NULL,
    leased_until BIGINT NOT NULL
);
CREATE INDEX jobs_by_due ON jobs (due);

CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    document TEXT REFERENCES documents (id),
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    sent_at BIGINT
);

-- The log: leaves without gaps; salt and payload alone can be erased, together, once.
CREATE TABLE log_state (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    size BIGINT NOT NULL
);
INSERT INTO log_state (id, size) VALUES (1, 0);

CREATE TABLE events (
    leaf BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    act TEXT NOT NULL,
    document TEXT REFERENCES documents (id),
    commitment TEXT NOT NULL,
    leaf_sha256 TEXT NOT NULL,
    salt BYTEA,
    payload BYTEA
);
CREATE INDEX events_by_document ON events (document, leaf);

CREATE FUNCTION events_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events are never deleted';
END $$;
CREATE TRIGGER events_stay BEFORE DELETE ON events
    FOR EACH ROW EXECUTE FUNCTION events_stay();
CREATE TRIGGER events_stay_all BEFORE TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION events_stay();

CREATE FUNCTION events_only_forget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.salt IS NOT NULL OR NEW.payload IS NOT NULL
        OR (NEW.leaf, NEW.at, NEW.act, NEW.document, NEW.commitment, NEW.leaf_sha256)
            IS DISTINCT FROM (OLD.leaf, OLD.at, OLD.act, OLD.document, OLD.commitment, OLD.leaf_sha256)
    THEN
        RAISE EXCEPTION 'an event can only lose its salt and payload';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER events_only_forget BEFORE UPDATE ON events
    FOR EACH ROW EXECUTE FUNCTION events_only_forget();

CREATE FUNCTION log_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.size < OLD.size THEN
        RAISE EXCEPTION 'the log only grows';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER log_only_grows BEFORE UPDATE ON log_state
    FOR EACH ROW EXECUTE FUNCTION log_only_grows();
