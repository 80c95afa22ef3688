//! SQLite and PostgreSQL, blobs, migrations.
