CREATE TABLE IF NOT EXISTS faults (
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- empty: every firm
    registration_number TEXT NOT NULL DEFAULT '',
    seconds REAL NOT NULL,
    -- NULL: until switched off
    remaining INTEGER,
    PRIMARY KEY (source, kind, registration_number)
);
CREATE TABLE IF NOT EXISTS queries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    asked_at TEXT NOT NULL,
    source TEXT NOT NULL,
    registration_scheme TEXT NOT NULL,
    registration_number TEXT NOT NULL,
    purpose TEXT NOT NULL,
    consent_id TEXT,
    outcome TEXT NOT NULL CHECK (outcome IN ('answered', 'down', 'nonsense', 'refused'))
);
CREATE INDEX IF NOT EXISTS queries_of_firm ON queries (registration_number);
