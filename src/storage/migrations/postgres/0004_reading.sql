-- Who affirmed to have read which file of a document.
CREATE TABLE readings (
    document TEXT NOT NULL REFERENCES documents (id),
    person TEXT NOT NULL REFERENCES people (id),
    sha256 TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (document, person, sha256)
);

-- The desk asks for what waits, of some types, the oldest first.
CREATE INDEX documents_waiting ON documents (state_name, permit_type, submitted_at);
