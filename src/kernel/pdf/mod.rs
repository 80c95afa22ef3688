//! PDF (ISO 32000): objects, revisions, incremental update, signature fields, appearance.
