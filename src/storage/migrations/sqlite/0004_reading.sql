-- Who affirmed to have read which file of a document.
CREATE TABLE readings (
    document TEXT NOT NULL REFERENCES documents (id),
    person TEXT NOT NULL REFERENCES people (id),
    sha256 TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (document, person, sha256)
) STRICT;

-- The desk asks for what waits, of some types, the oldest first.
CREATE INDEX documents_waiting ON documents (state_name, permit_type, submitted_at);
