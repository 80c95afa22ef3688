-- Reports go by day and by signatory.
CREATE INDEX signatures_by_time ON signatures (at);
CREATE INDEX approvals_by_signatory ON approvals (signatory);
CREATE INDEX intents_by_approval ON intents (approval);
CREATE INDEX events_by_time ON events (at);
