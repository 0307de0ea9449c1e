CREATE TABLE IF NOT EXISTS payments (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    body_sha256 TEXT NOT NULL,
    amount TEXT NOT NULL,
    currency TEXT NOT NULL,
    payee_name TEXT NOT NULL,
    payee_account TEXT NOT NULL,
    payee_bank_code TEXT,
    loan_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('accepted', 'settled', 'rejected')),
    reference TEXT NOT NULL UNIQUE,
    -- decided when the payment is accepted, told when it ends
    planned_reason TEXT,
    reason TEXT,
    ends_at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS payments_open ON payments (ends_at) WHERE status = 'accepted';
CREATE TABLE IF NOT EXISTS collections (
    key TEXT PRIMARY KEY,
    body_sha256 TEXT NOT NULL,
    loan_id TEXT NOT NULL,
    amount TEXT NOT NULL,
    currency TEXT NOT NULL,
    due_on TEXT NOT NULL,
    instalment_n INTEGER NOT NULL,
    reference TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('paid', 'partly_paid', 'failed'))
);
CREATE TABLE IF NOT EXISTS receipts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    transaction_id TEXT NOT NULL UNIQUE,
    body_sha256 TEXT NOT NULL,
    loan_id TEXT,
    amount TEXT NOT NULL,
    currency TEXT NOT NULL,
    value_at TEXT NOT NULL,
    payer_name TEXT NOT NULL,
    remittance TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    loan_id TEXT,
    body TEXT NOT NULL,
    copies_left INTEGER NOT NULL,
    -- 1 while the notice waits for a later one to overtake it
    held INTEGER NOT NULL DEFAULT 0,
    due_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS outbox_open ON outbox (due_at) WHERE copies_left > 0;
CREATE TABLE IF NOT EXISTS behaviours (
    loan_id TEXT PRIMARY KEY,
    behaviour TEXT NOT NULL CHECK (behaviour IN ('pays', 'refuses', 'partial'))
);
CREATE TABLE IF NOT EXISTS faults (
    kind TEXT PRIMARY KEY,
    remaining INTEGER NOT NULL
);
