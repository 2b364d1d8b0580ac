import Storage
import Wire

/// A code for a text message, and the chain of its sends, as they are kept.
struct CodeChain: Equatable, Sendable {
    /// The code's: another code has another one.
    let id: ID
    let subject: ID
    let purpose: Purpose
    /// Sealed, to be sent again; nil once it was used.
    var code: [UInt8]?
    /// What a typed code is compared by.
    let tag: [UInt8]
    var state: SMSCodePolicy.Chain
}

extension Database {
    func chain(of subject: ID, _ purpose: Purpose) throws -> CodeChain? {
        try first(
            """
            SELECT id, code, tag, sends, last_sent, expires, wrong, used FROM chain
            WHERE subject = ?1 AND purpose = ?2
            """, subject, purpose
        ) { row in
            CodeChain(
                id: row.id(0), subject: subject, purpose: purpose, code: row.blobOrNil(1), tag: row.blob(2),
                state: SMSCodePolicy.Chain(
                    sends: row.int(3), lastSent: row.time(4), expires: row.time(5), wrong: row.int(6),
                    used: row.bool(7)))
        }
    }

    /// Keeps a chain in place of the one that its subject had for its purpose.
    func put(_ chain: CodeChain) throws {
        try deleteChain(of: chain.subject, chain.purpose)
        let state = chain.state
        try run(
            """
            INSERT INTO chain (id, subject, purpose, code, tag, sends, last_sent, expires, wrong, used)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """, chain.id, chain.subject, chain.purpose, chain.code, chain.tag, state.sends, state.lastSent,
            state.expires, state.wrong, state.used)
    }

    /// Keeps that SMSGateway took charge of a send. Doing it again changes nothing.
    ///
    /// - Returns: false where the code has ended meanwhile.
    func recordSend(_ send: Int, of chain: ID, message: ID, now: Timestamp) throws -> Bool {
        guard try exists("SELECT 1 FROM chain WHERE id = ?1", chain) else { return false }
        try run("UPDATE chain SET sends = ?2, last_sent = ?3 WHERE id = ?1 AND sends < ?2", chain, send, now)
        try run(
            "INSERT INTO message (chain, send, id) VALUES (?1, ?2, ?3) ON CONFLICT (chain, send) DO NOTHING",
            chain,
            send, message)
        return true
    }

    func setWrong(_ wrong: Int, of chain: ID) throws {
        try run("UPDATE chain SET wrong = ?2 WHERE id = ?1", chain, wrong)
    }

    /// Marks the code as used, and wipes it. Its tag stays: a second use is told from a wrong code.
    func setUsed(_ chain: ID) throws {
        try run("UPDATE chain SET used = 1, code = NULL WHERE id = ?1", chain)
    }

    /// Gives back all tries that codes in flight take.
    func forgetWrong(of subject: ID) throws {
        try run("UPDATE chain SET wrong = 0 WHERE subject = ?1", subject)
    }

    /// What SMSGateway calls the sends of a code.
    func messages(of chain: ID) throws -> [ID] {
        try all("SELECT id FROM message WHERE chain = ?1 ORDER BY send", chain) { $0.id(0) }
    }

    /// The sends of a code that was not used; they may still be under way.
    func openMessages(of subject: ID, _ purpose: Purpose) throws -> [ID] {
        try all(
            """
            SELECT message.id FROM chain JOIN message ON message.chain = chain.id
            WHERE chain.subject = ?1 AND chain.purpose = ?2 AND NOT chain.used ORDER BY send
            """, subject, purpose
        ) { $0.id(0) }
    }

    /// The purpose of the code of a subject that was last sent and not used.
    func purposeOfNewestCode(of subject: ID) throws -> Purpose? {
        try first(
            """
            SELECT purpose FROM chain
            WHERE subject = ?1 AND NOT used AND EXISTS (SELECT 1 FROM message WHERE chain = chain.id)
            ORDER BY last_sent DESC, id DESC LIMIT 1
            """, subject
        ) { try $0.purpose(0) }
    }

    func deleteChain(of subject: ID, _ purpose: Purpose) throws {
        try run("DELETE FROM chain WHERE subject = ?1 AND purpose = ?2", subject, purpose)
    }

    /// Deletes codes that ended before `time`.
    func deleteChains(endedBefore time: Timestamp) throws {
        try run("DELETE FROM chain WHERE expires < ?1", time)
    }
}
