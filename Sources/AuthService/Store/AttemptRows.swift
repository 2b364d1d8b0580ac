import Cryptography
import Storage
import Wire

/// What password tries are counted against; in the database digests, so that nobody reads addresses or accounts from it.
struct AttemptKey: Hashable, Sendable {
    let budget: LockoutPolicy.Budget
    let digest: Digest
    /// Whose account it is about; nil for an address, whatever the account.
    let account: Digest?

    init(_ budget: LockoutPolicy.Budget, _ account: Digest, from: String = "") {
        self.budget = budget
        self.account = account
        digest = SHA256.digest("\(account)\n\(from)")
    }

    /// An address that tries come from, whatever the account.
    init(address: String) {
        budget = .address
        account = nil
        digest = SHA256.digest(address)
    }

    /// An account, by what is typed to log in, whether it exists or not.
    static func account(firm slug: String, email: String) -> Digest {
        SHA256.digest("\(slug)\n\(EmailAddress.key(typed: email))")
    }
}

extension Database {
    func attempts(_ key: AttemptKey) throws -> LockoutPolicy.Count? {
        try first(
            "SELECT tries, last FROM attempt WHERE budget = ?1 AND key = ?2", key.budget.rawValue, key.digest
        ) { LockoutPolicy.Count(tries: $0.int(0), last: $0.time(1)) }
    }

    /// Counts a try that is about to be made, against each of `keys`.
    ///
    /// - Throws: `TOO_MANY_ATTEMPTS`, and counts nothing, while one of them has to wait.
    func countTry(_ keys: [AttemptKey], at now: Timestamp) throws {
        let counts = try keys.map { ($0, try attempts($0)) }
        let wait = counts.map { LockoutPolicy.wait($1, $0.budget, at: now) }.max() ?? 0
        guard wait == 0 else { throw Refusal(.tooManyAttempts, retryAfter: wait) }
        for (key, count) in counts {
            let count = LockoutPolicy.counting(count, at: now)
            try run(
                """
                INSERT INTO attempt (budget, key, account, tries, last) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (budget, key) DO UPDATE SET tries = excluded.tries, last = excluded.last
                """, key.budget.rawValue, key.digest, key.account, count.tries, count.last)
        }
    }

    /// A counted try was right: the counts of the account begin anew, that of an address forgets this try alone, since
    /// whoever has one account could else go on trying others.
    func clearTries(_ keys: [AttemptKey]) throws {
        try uncountTry(keys.filter { $0.budget == .address })
        for key in keys where key.budget != .address {
            try run("DELETE FROM attempt WHERE budget = ?1 AND key = ?2", key.budget.rawValue, key.digest)
        }
    }

    /// A counted try was not made after all.
    func uncountTry(_ keys: [AttemptKey]) throws {
        for key in keys {
            try run(
                "UPDATE attempt SET tries = tries - 1 WHERE budget = ?1 AND key = ?2 AND tries > 0",
                key.budget.rawValue, key.digest)
        }
    }

    /// The longest that anybody has to wait for the next try on an account, in seconds; 0 where nobody has to.
    func wait(_ keys: [AttemptKey], at now: Timestamp) throws -> Int {
        try keys.map { LockoutPolicy.wait(try attempts($0), $0.budget, at: now) }.max() ?? 0
    }

    /// When the last lockout of an account ends, be it the owner's or a stranger's; nil where there is none.
    func lockedUntil(account: Digest, at now: Timestamp) throws -> Timestamp? {
        try all("SELECT budget, tries, last FROM attempt WHERE account = ?1", account) { row in
            LockoutPolicy.Budget(rawValue: UInt8(truncatingIfNeeded: row.int(0))).flatMap { budget in
                LockoutPolicy.lockedUntil(
                    LockoutPolicy.Count(tries: row.int(1), last: row.time(2)), budget, at: now)
            }
        }.compactMap { $0 }.max()
    }

    /// Ends all lockouts of an account.
    func clearTries(account: Digest) throws {
        try run("DELETE FROM attempt WHERE account = ?1", account)
    }

    /// Sweeps away counts that are forgotten.
    func deleteAttempts(before time: Timestamp) throws {
        try run("DELETE FROM attempt WHERE last <= ?1", time)
    }

    // MARK: addresses

    func knows(_ address: Digest, _ person: ID, since time: Timestamp) throws -> Bool {
        try exists(
            "SELECT 1 FROM known_address WHERE person = ?1 AND address = ?2 AND last > ?3", person, address,
            time)
    }

    /// Remembers that a person logged in from an address; the oldest beyond `limit` are forgotten.
    func remember(_ address: Digest, of person: ID, at now: Timestamp, limit: Int) throws {
        try run(
            """
            INSERT INTO known_address (person, address, last) VALUES (?1, ?2, ?3)
            ON CONFLICT (person, address) DO UPDATE SET last = excluded.last
            """, person, address, now)
        try run(
            """
            DELETE FROM known_address WHERE person = ?1 AND address IN
                (SELECT address FROM known_address WHERE person = ?1 ORDER BY last DESC LIMIT -1 OFFSET ?2)
            """, person, limit)
    }

    /// Believes no address of a person any more: somebody else may know the password.
    func forgetAddresses(of person: ID) throws {
        try run("DELETE FROM known_address WHERE person = ?1", person)
    }
}
