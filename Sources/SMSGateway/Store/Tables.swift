import Storage

/// The gateway's tables. Neither a number nor a code stands in any of them in the clear: both are sealed
/// together in `message.sealed` while they may be needed, and a number is found again by a keyed hash.
enum Tables {
    static let schema = Schema(
        tag: "CHsm",
        [
            Migration(
                "queue",
                """
                -- Everything that was accepted, from then until it is purged.
                CREATE TABLE message (
                    id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                    key          TEXT NOT NULL UNIQUE,
                    order_hash   BLOB NOT NULL,             -- of number, code and purpose
                    number_hash  BLOB NOT NULL,
                    prefix_hash  BLOB NOT NULL,
                    prefix_scope TEXT NOT NULL,             -- what its prefix was counted by
                    masked       TEXT NOT NULL,
                    country      TEXT NOT NULL,
                    firm         BLOB NOT NULL CHECK (length(firm) = 16),
                    purpose      TEXT NOT NULL,
                    state        TEXT NOT NULL CHECK (state IN (
                        'queued', 'sending', 'sent', 'delivered', 'failed', 'expired', 'cancelled',
                        'uncertain')),
                    sealed       BLOB,                      -- number and text; NULL once they are not needed
                    provider     TEXT,                      -- the one it was last handed to
                    provider_id  TEXT,
                    ruled_out    TEXT NOT NULL DEFAULT '',  -- providers that it is not offered to any more
                    tried        TEXT NOT NULL DEFAULT '',  -- providers that turned it away in this round
                    attempts     INTEGER NOT NULL DEFAULT 0,
                    crashes      INTEGER NOT NULL DEFAULT 0,
                    unwanted     INTEGER NOT NULL DEFAULT 0, -- cancelled while it was being sent
                    error        TEXT,
                    created      INTEGER NOT NULL,          -- this and the following: milliseconds since 1970
                    updated      INTEGER NOT NULL,
                    expires      INTEGER NOT NULL,
                    due          INTEGER NOT NULL,
                    verified     INTEGER,
                    CHECK (state IN ('queued', 'sending', 'failed', 'uncertain') OR sealed IS NULL),
                    CHECK (state NOT IN ('queued', 'sending') OR sealed IS NOT NULL)
                ) STRICT, WITHOUT ROWID;

                -- Small, whatever has been sent before: only what is in the queue is in them.
                CREATE INDEX message_due ON message (due, id) WHERE state = 'queued';
                CREATE INDEX message_lapse ON message (expires) WHERE state = 'queued';
                CREATE INDEX message_kept ON message (expires)
                    WHERE state IN ('failed', 'uncertain') AND sealed IS NOT NULL;
                -- Unique: two messages to one number cannot be on their way at once.
                CREATE UNIQUE INDEX message_in_flight ON message (number_hash) WHERE state = 'sending';
                -- For people: ids sort by time.
                CREATE INDEX message_by_state ON message (state, id);
                CREATE INDEX message_by_firm ON message (firm, id);

                -- How many messages there are in each state, so that nothing has to count them.
                CREATE TABLE tally (
                    state TEXT NOT NULL PRIMARY KEY,
                    count INTEGER NOT NULL CHECK (count >= 0)
                ) STRICT, WITHOUT ROWID;
                INSERT INTO tally (state, count)
                    VALUES ('queued', 0), ('sending', 0), ('sent', 0), ('delivered', 0), ('failed', 0),
                           ('expired', 0), ('cancelled', 0), ('uncertain', 0);
                CREATE TRIGGER message_comes AFTER INSERT ON message BEGIN
                    UPDATE tally SET count = count + 1 WHERE state = new.state;
                END;
                CREATE TRIGGER message_moves AFTER UPDATE OF state ON message
                WHEN old.state <> new.state BEGIN
                    UPDATE tally SET count = count - 1 WHERE state = old.state;
                    UPDATE tally SET count = count + 1 WHERE state = new.state;
                END;
                CREATE TRIGGER message_goes AFTER DELETE ON message BEGIN
                    UPDATE tally SET count = count - 1 WHERE state = old.state;
                END;

                -- Sends and used codes by what limits them, in buckets of time. They outlive the messages.
                CREATE TABLE send_count (
                    scope    TEXT NOT NULL,
                    subject  BLOB NOT NULL,     -- a keyed hash, a firm or a country
                    begins   INTEGER NOT NULL,  -- of the bucket, in seconds since 1970
                    sent     INTEGER NOT NULL DEFAULT 0,
                    verified INTEGER NOT NULL DEFAULT 0,
                    PRIMARY KEY (scope, subject, begins)
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX send_count_age ON send_count (begins);

                -- Numbers that somebody has proved to be theirs.
                CREATE TABLE proved_number (
                    number_hash BLOB NOT NULL PRIMARY KEY,
                    at          INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX proved_number_age ON proved_number (at);

                -- Numbers and prefixes that no message goes to.
                CREATE TABLE block (
                    prefix_hash BLOB NOT NULL PRIMARY KEY,
                    sealed      BLOB NOT NULL,   -- the prefix
                    claims_only INTEGER NOT NULL, -- whether proved numbers are spared
                    reason      TEXT NOT NULL,
                    made        INTEGER NOT NULL,
                    until       INTEGER
                ) STRICT, WITHOUT ROWID;

                -- The gateway's own secrets, sealed.
                CREATE TABLE secret (
                    name   TEXT NOT NULL PRIMARY KEY,
                    sealed BLOB NOT NULL
                ) STRICT, WITHOUT ROWID;
                """),
            Migration(
                "carriers",
                """
                -- closed: whether nobody waits for a receipt of it any more, so that it stays what it is now.
                -- resent: whether it was sent once more though it may have been sent.
                ALTER TABLE message ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;
                ALTER TABLE message ADD COLUMN resent INTEGER NOT NULL DEFAULT 0;

                -- The queue in lanes: what the same providers may take stands in one, so that a lane whose
                -- provider is slow does not stand in the way of the others.
                DROP INDEX message_due;
                CREATE INDEX message_lane ON message (ruled_out, tried, due, id) WHERE state = 'queued';

                -- Small as well: what a receipt may still come for.
                CREATE INDEX message_awaited ON message (provider, provider_id)
                    WHERE state = 'sent' AND closed = 0;
                CREATE INDEX message_open_sent ON message (updated) WHERE state = 'sent' AND closed = 0;
                CREATE INDEX message_open_uncertain ON message (expires)
                    WHERE state = 'uncertain' AND closed = 0;

                -- What carriers told of messages that their providers had not answered for yet.
                CREATE TABLE early_receipt (
                    provider    TEXT NOT NULL,
                    provider_id TEXT NOT NULL,
                    event       TEXT NOT NULL,
                    reason      TEXT,
                    came        INTEGER NOT NULL,
                    PRIMARY KEY (provider, provider_id, event)
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX early_receipt_age ON early_receipt (came);

                -- Numbers whose owners want no text messages.
                CREATE TABLE opt_out (
                    number_hash BLOB NOT NULL PRIMARY KEY,
                    at          INTEGER NOT NULL
                ) STRICT, WITHOUT ROWID;

                -- Whether it only says what would be blocked.
                ALTER TABLE block ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;

                -- The prefixes that are counted, so that an admin can be told which they are.
                CREATE TABLE counted_prefix (
                    prefix_hash BLOB NOT NULL PRIMARY KEY,  -- as in send_count
                    block_hash  BLOB NOT NULL,              -- as in block
                    sealed      BLOB NOT NULL               -- as in block
                ) STRICT, WITHOUT ROWID;
                """),
        ])
}
