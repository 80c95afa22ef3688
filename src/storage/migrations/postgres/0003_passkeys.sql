-- How people get into the console. `body` is the entity as JSON; the columns beside it are what is searched, and what changes.
CREATE TABLE invitations (
    id TEXT PRIMARY KEY,
    token_sha256 TEXT NOT NULL CONSTRAINT invitations_token UNIQUE,
    person TEXT NOT NULL,
    at BIGINT NOT NULL,
    spent_at BIGINT,
    body TEXT NOT NULL
);
CREATE INDEX invitations_by_person ON invitations (person);

CREATE TABLE ceremonies (
    id TEXT PRIMARY KEY,
    expires BIGINT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX ceremonies_by_end ON ceremonies (expires);

CREATE TABLE credentials (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (id),
    sign_count BIGINT NOT NULL,
    ended_at BIGINT,
    body TEXT NOT NULL
);
CREATE INDEX credentials_by_person ON credentials (person);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    token_sha256 TEXT NOT NULL CONSTRAINT sessions_token UNIQUE,
    person TEXT NOT NULL REFERENCES people (id),
    credential TEXT NOT NULL REFERENCES credentials (id),
    opened BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    proven BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX sessions_by_person ON sessions (person);

-- A signatory's key, sealed once more for each passkey that can open it.
CREATE TABLE key_copies (
    fingerprint TEXT NOT NULL,
    credential TEXT NOT NULL REFERENCES credentials (id),
    sealed BYTEA NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (fingerprint, credential)
);

-- The approval that an attempt was made under: another than its intent's where the same bytes were approved again.
ALTER TABLE attempts ADD COLUMN approval TEXT REFERENCES approvals (id);
