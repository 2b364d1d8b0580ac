import Storage
import Wire

/// Numbers whose owners want no text messages. They are kept until their owners say otherwise: nobody else may.
struct OptOutTable {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// Whether no message may go to a number with this ``Fingerprints/number(_:)``.
    func has(_ numberHash: [UInt8]) throws -> Bool {
        try db.exists("SELECT 1 FROM opt_out WHERE number_hash = ?1", numberHash)
    }

    /// False where it was there before.
    @discardableResult
    func add(_ numberHash: [UInt8], now: Timestamp) throws -> Bool {
        try db.run(
            "INSERT INTO opt_out (number_hash, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING", numberHash, now)
            > 0
    }

    /// False where there is none.
    func remove(_ numberHash: [UInt8]) throws -> Bool {
        try db.run("DELETE FROM opt_out WHERE number_hash = ?1", numberHash) > 0
    }
}
