-- Wrong passphrases since the last right one, by person.
CREATE TABLE wrong_secrets (
    person TEXT PRIMARY KEY REFERENCES people (id),
    failures INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;

-- What names a file: without these, clearing away what nothing names reads every row.
CREATE INDEX documents_by_current ON documents (current_sha256);
CREATE INDEX intents_by_prepared ON intents (prepared_sha256);
