import Storage

/// AuthService's tables. No password, token, code or number stands in them in the clear: passwords are Argon2id hashes,
/// tokens SHA-256 digests, phones are masked.
///
/// Identities are blobs of 16 bytes, digests of 32, times milliseconds since 1970, sets of factors bits.
enum AuthSchema {
    static let schema = Schema(
        tag: "CHau", [Migration("first tables", first), Migration("client tally", tally)])

    private static let first: StaticString = """
        CREATE TABLE firm (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            slug TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL,
            created INTEGER NOT NULL,
            two_factor_required INTEGER NOT NULL DEFAULT 0,
            enforce_from INTEGER,
            pros_two_factor_required INTEGER NOT NULL DEFAULT 1,
            trusted_device_days INTEGER NOT NULL DEFAULT 30,
            idle_minutes INTEGER NOT NULL DEFAULT 30,
            version INTEGER NOT NULL DEFAULT 1
        ) STRICT, WITHOUT ROWID;

        -- Owners, PROs and clients. `email_key` and `name_key` are what they are found and sorted by.
        CREATE TABLE person (
            id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
            firm BLOB NOT NULL REFERENCES firm (id),
            role TEXT NOT NULL CHECK (role IN ('owner', 'pro', 'client')),
            name TEXT NOT NULL,
            name_key TEXT NOT NULL,
            email TEXT NOT NULL,
            email_key TEXT NOT NULL,
            password TEXT,
            created INTEGER NOT NULL,
            required_by_pro INTEGER NOT NULL DEFAULT 0,
            required_by_self INTEGER NOT NULL DEFAULT 0,
            declined INTEGER NOT NULL DEFAULT 0,
            factors INTEGER NOT NULL DEFAULT 0,
            phone TEXT,
            enrolled_at INTEGER,
            epoch INTEGER NOT NULL DEFAULT 0,
            overridden_at INTEGER,
            overridden_by TEXT,
            last_log_in INTEGER,
            codes_locked_until INTEGER,
            UNIQUE (firm, email_key)
        ) STRICT;
        CREATE INDEX person_by_name ON person (firm, role, name_key, id);

        CREATE TABLE session (
            digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
            id BLOB NOT NULL UNIQUE,
            person BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
            created INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            last_seen INTEGER NOT NULL,
            password_at INTEGER NOT NULL,
            factor_at INTEGER,
            device BLOB,
            deferred INTEGER NOT NULL DEFAULT 0,
            address TEXT,
            agent TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX session_of_person ON session (person);
        CREATE INDEX session_by_end ON session (expires);

        -- Trusted devices.
        CREATE TABLE device (
            digest BLOB NOT NULL PRIMARY KEY CHECK (length(digest) = 32),
            id BLOB NOT NULL UNIQUE,
            person BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
            created INTEGER NOT NULL,
            expires INTEGER NOT NULL,
            agent TEXT
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX device_of_person ON device (person);
        CREATE INDEX device_by_end ON device (expires);

        -- One-time tokens to choose a password by; a new one takes the place of the one before.
        CREATE TABLE invitation (
            person BLOB NOT NULL PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
            digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
            reset INTEGER NOT NULL,
            created INTEGER NOT NULL,
            expires INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        -- Password tries in a row, for each budget of LockoutPolicy. `key` is a digest of what they are counted against,
        -- `account` one of the firm and the address that were typed, whether there is such an account or not.
        CREATE TABLE attempt (
            budget INTEGER NOT NULL,
            key BLOB NOT NULL,
            account BLOB,
            tries INTEGER NOT NULL,
            last INTEGER NOT NULL,
            PRIMARY KEY (budget, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX attempt_of_account ON attempt (account);
        CREATE INDEX attempt_by_age ON attempt (last);

        -- Addresses that a person logged in from; `address` is a digest.
        CREATE TABLE known_address (
            person BLOB NOT NULL REFERENCES person (id) ON DELETE CASCADE,
            address BLOB NOT NULL,
            last INTEGER NOT NULL,
            PRIMARY KEY (person, address)
        ) STRICT, WITHOUT ROWID;

        -- What OTPService still has to be told: to remove a factor, or with no method all of them. A person who is gone
        -- may be waiting here.
        CREATE TABLE otp_task (
            id BLOB NOT NULL PRIMARY KEY,
            person BLOB NOT NULL,
            firm BLOB NOT NULL,
            method TEXT CHECK (method IN ('authenticator', 'sms')),
            created INTEGER NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            due INTEGER NOT NULL,
            leased_until INTEGER NOT NULL DEFAULT 0
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX otp_task_by_due ON otp_task (due);
        CREATE INDEX otp_task_of_person ON otp_task (person, created);

        -- The audit log: a hash chain for each firm, whose end stands apart so that a cut-off end shows too.
        CREATE TABLE event (
            firm BLOB NOT NULL REFERENCES firm (id),
            number INTEGER NOT NULL,
            at INTEGER NOT NULL,
            actor BLOB,
            actor_role TEXT NOT NULL,
            actor_name TEXT NOT NULL,
            event TEXT NOT NULL,
            person BLOB,
            detail TEXT NOT NULL,
            previous BLOB NOT NULL,
            hash BLOB NOT NULL,
            PRIMARY KEY (firm, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX event_of_person ON event (firm, person, number);

        CREATE TABLE chain (
            firm BLOB NOT NULL PRIMARY KEY REFERENCES firm (id),
            number INTEGER NOT NULL,
            hash BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    /// The clients of each firm, counted by what their state depends on beside the firm's settings: so a count costs the
    /// same for a million as for one. Triggers keep it, so that no change can forget to.
    private static let tally: StaticString = """
        -- Whether a PRO or the person requires 2FA, and whether there is a factor to ask for.
        ALTER TABLE person ADD COLUMN required_personally INTEGER AS (required_by_pro OR required_by_self);
        ALTER TABLE person ADD COLUMN enrolled INTEGER AS (factors & 3 <> 0);

        CREATE TABLE client_tally (
            firm BLOB NOT NULL REFERENCES firm (id),
            required_personally INTEGER NOT NULL,
            enrolled INTEGER NOT NULL,
            clients INTEGER NOT NULL,
            PRIMARY KEY (firm, required_personally, enrolled)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO client_tally
            SELECT firm, required_personally, enrolled, count(*) FROM person WHERE role = 'client'
            GROUP BY firm, required_personally, enrolled;

        CREATE TRIGGER client_added AFTER INSERT ON person WHEN new.role = 'client' BEGIN
            INSERT INTO client_tally VALUES (new.firm, new.required_personally, new.enrolled, 1)
                ON CONFLICT DO UPDATE SET clients = clients + 1;
        END;

        CREATE TRIGGER client_removed AFTER DELETE ON person WHEN old.role = 'client' BEGIN
            UPDATE client_tally SET clients = clients - 1
                WHERE (firm, required_personally, enrolled) = (old.firm, old.required_personally, old.enrolled);
        END;

        CREATE TRIGGER client_changed AFTER UPDATE ON person
        WHEN (old.firm, old.role, old.required_personally, old.enrolled)
            <> (new.firm, new.role, new.required_personally, new.enrolled)
        BEGIN
            UPDATE client_tally SET clients = clients - 1
                WHERE (firm, required_personally, enrolled) = (old.firm, old.required_personally, old.enrolled)
                    AND old.role = 'client';
            INSERT INTO client_tally SELECT new.firm, new.required_personally, new.enrolled, 1
                WHERE new.role = 'client'
                ON CONFLICT DO UPDATE SET clients = clients + 1;
        END;
        """
}
