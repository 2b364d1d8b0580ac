import Cryptography
import Storage
import Wire

/// What one piece of work on the database has at hand: all of it is done, and on disk, or nothing is.
///
/// What a method decides, it decides here, on the writer's thread: who compares a code and marks it as used in the same
/// transaction cannot be told the same thing twice, however many ask at once.
struct Transaction {
    let database: Database
    let keys: SealingKeys
    /// When the call came.
    let now: Timestamp

    func seal(_ plain: [UInt8], as record: SealedRecord) -> [UInt8] {
        keys.seal(plain, for: record.identity)
    }

    func open(_ sealed: [UInt8], as record: SealedRecord) throws(SealError) -> [UInt8] {
        try keys.open(sealed, for: record.identity)
    }

    /// An authenticator's secret, or the bytes of a phone's number.
    func secret(of factor: Factor) throws(SealError) -> [UInt8] {
        try open(factor.secret, as: .factor(of: factor.subject, factor.method))
    }

    func phone(of factor: Factor) throws(SealError) -> String {
        String(decoding: try secret(of: factor), as: UTF8.self)
    }

    /// The key that the tags of a subject's codes are made with; made where the subject is new.
    func codeKey(of subject: ID) throws -> [UInt8] {
        if let sealed = try database.codeKey(of: subject) {
            return try open(sealed, as: .codeKey(of: subject))
        }
        let key = Random.bytes(32)
        try database.insertSubject(subject, codeKey: seal(key, as: .codeKey(of: subject)), now: now)
        return key
    }
}

/// What a transaction came to. A refusal is a result like any other: what was counted or marked on the way to it stays.
/// (What is thrown undoes it all.)
typealias Verdict<Value> = Result<Value, Refusal>
