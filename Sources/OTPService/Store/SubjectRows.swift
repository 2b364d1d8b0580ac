import Storage
import Wire

extension Database {
    /// The key that the tags of a subject's codes are made with, sealed; nil for a subject that never began anything.
    func codeKey(of subject: ID) throws -> [UInt8]? {
        try first("SELECT code_key FROM subject WHERE id = ?1", subject) { $0.blob(0) }
    }

    func insertSubject(_ subject: ID, codeKey: [UInt8], now: Timestamp) throws {
        try run(
            "INSERT INTO subject (id, code_key, created) VALUES (?1, ?2, ?3)", subject, codeKey, now)
    }

    /// Deletes a subject and all that belongs to it.
    func deleteSubject(_ subject: ID) throws {
        try run("DELETE FROM subject WHERE id = ?1", subject)
    }
}
