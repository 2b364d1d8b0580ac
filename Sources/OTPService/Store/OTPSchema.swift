import Storage

/// OTPService's tables. No secret, number or code stands in them in the clear: what is needed again is sealed under keys
/// that are not in the database, what is only compared is a keyed hash.
///
/// Identities are blobs of 16 bytes, tags of 32, times milliseconds since 1970. The version of the key that a value is
/// sealed under is the value's own beginning (``SealingKeys``); `key_version` makes it a column to search by.
enum OTPSchema {
    static let schema = Schema(tag: "CHot", [Migration("first tables", first)])

    private static let first: StaticString = """
        -- Whose factors. `code_key` is sealed: 32 random bytes that the tags of this subject's codes are made with, so that
        -- a new sealing key needs no code to be known, and that deleting the row makes all its tags worthless.
        CREATE TABLE subject (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            code_key BLOB NOT NULL,
            key_version BLOB GENERATED ALWAYS AS (substr(code_key, 1, 4)) VIRTUAL,
            created INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX subject_by_key ON subject (key_version);

        -- An authenticator's secret or a phone's number, sealed. A confirmed factor and its successor, which is not
        -- confirmed yet and ends at `expires`, stand side by side.
        CREATE TABLE factor (
            subject BLOB NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
            method TEXT NOT NULL CHECK (method IN ('authenticator', 'sms')),
            confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
            secret BLOB NOT NULL,
            key_version BLOB GENERATED ALWAYS AS (substr(secret, 1, 4)) VIRTUAL,
            last_step INTEGER,
            burnt_step INTEGER,
            created INTEGER NOT NULL,
            expires INTEGER,
            UNIQUE (subject, method, confirmed),
            CHECK ((expires IS NULL) = confirmed)
        ) STRICT;
        CREATE INDEX factor_by_key ON factor (key_version);
        CREATE INDEX factor_by_end ON factor (expires) WHERE expires IS NOT NULL;

        -- The code that was last made for a subject and purpose, and what the chain of its sends has come to. `id` is the
        -- code's: another code is another row. `code` is sealed, and gone once it was used. `sends` counts what SMSGateway
        -- took charge of; `last_sent` is when the code was made while that is nothing.
        CREATE TABLE chain (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            subject BLOB NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
            purpose TEXT NOT NULL CHECK (purpose IN ('setUp', 'verify', 'stepUp')),
            code BLOB,
            key_version BLOB GENERATED ALWAYS AS (substr(code, 1, 4)) VIRTUAL,
            tag BLOB NOT NULL CHECK (length(tag) = 32),
            sends INTEGER NOT NULL,
            last_sent INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            wrong INTEGER NOT NULL,
            used INTEGER NOT NULL CHECK (used IN (0, 1)),
            UNIQUE (subject, purpose),
            CHECK (NOT (used AND code IS NOT NULL))
        ) STRICT;
        CREATE INDEX chain_by_key ON chain (key_version);
        CREATE INDEX chain_by_end ON chain (expires);

        -- SMSGateway's name for each send of a code.
        CREATE TABLE message (
            chain BLOB NOT NULL REFERENCES chain (id) ON DELETE CASCADE,
            send INTEGER NOT NULL,
            id BLOB NOT NULL CHECK (length(id) = 16),
            PRIMARY KEY (chain, send)
        ) STRICT, WITHOUT ROWID;

        -- A code that was used stays, so that its second use is told from a wrong code.
        CREATE TABLE recovery_code (
            subject BLOB NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
            tag BLOB NOT NULL CHECK (length(tag) = 32),
            used INTEGER,
            PRIMARY KEY (subject, tag)
        ) STRICT, WITHOUT ROWID;

        -- Wrong codes in a row; those of a set-up apart from those of the factor that counts.
        CREATE TABLE attempt (
            subject BLOB NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
            method TEXT NOT NULL CHECK (method IN ('authenticator', 'sms', 'recovery')),
            set_up INTEGER NOT NULL CHECK (set_up IN (0, 1)),
            wrong INTEGER NOT NULL,
            last INTEGER NOT NULL,
            PRIMARY KEY (subject, method, set_up)
        ) STRICT, WITHOUT ROWID;
        """
}
