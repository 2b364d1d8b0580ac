import CSQLite
import Foundation

/// A service's database, opened to be filled while the service is stopped.
///
/// It is claimed as the services claim theirs, so that neither runs beside the other.
final class SQLite {
    private let handle: OpaquePointer
    private let path: String
    private let claim: Int32

    init(path: String) throws {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else {
            throw Problem.failed("\(path): there is no database; start the service once, which makes it")
        }
        claim = open(path + ".lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard claim >= 0, flock(claim, LOCK_EX | LOCK_NB) == 0 else {
            if claim >= 0 { close(claim) }
            throw Problem.failed("\(path): is in use; stop the service before its database is filled")
        }
        var handle: OpaquePointer?
        let code = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, nil)
        guard code == SQLITE_OK, let handle else {
            sqlite3_close_v2(handle)
            close(claim)
            throw Problem.failed("\(path): \(String(cString: sqlite3_errstr(code)))")
        }
        self.handle = handle
    }

    deinit {
        sqlite3_close_v2(handle)
        close(claim)
    }

    /// A value of a column.
    enum Value {
        case null
        case integer(Int64)
        case text(String)
        case blob([UInt8])
    }

    func execute(_ sql: String) throws {
        try check(sqlite3_exec(handle, sql, nil, nil, nil))
    }

    /// Does `body` as one transaction.
    func transaction(_ body: () throws -> Void) throws {
        try execute("BEGIN IMMEDIATE")
        do {
            try body()
            try execute("COMMIT")
        } catch {
            try? execute("ROLLBACK")
            throw error
        }
    }

    func prepare(_ sql: String) throws -> Statement {
        var statement: OpaquePointer?
        try check(sqlite3_prepare_v2(handle, sql, -1, &statement, nil))
        guard let statement else { throw Problem.failed("\(path): no statement in \(sql)") }
        return Statement(statement, of: self)
    }

    fileprivate func check(_ code: Int32) throws {
        guard code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW else {
            throw Problem.failed("\(path): \(String(cString: sqlite3_errmsg(handle)))")
        }
    }

    /// A statement that is run again and again.
    final class Statement {
        private let statement: OpaquePointer
        private let database: SQLite

        fileprivate init(_ statement: OpaquePointer, of database: SQLite) {
            self.statement = statement
            self.database = database
        }

        deinit { sqlite3_finalize(statement) }

        /// Runs it with values for its parameters, in their order.
        func run(_ values: Value...) throws {
            for (index, value) in values.enumerated() { try bind(value, at: Int32(index + 1)) }
            try database.check(sqlite3_step(statement))
            try database.check(sqlite3_reset(statement))
        }

        /// The first column of the first row, as text; nil where there is no row.
        func text(_ values: Value...) throws -> String? {
            for (index, value) in values.enumerated() { try bind(value, at: Int32(index + 1)) }
            defer { sqlite3_reset(statement) }
            let code = sqlite3_step(statement)
            try database.check(code)
            guard code == SQLITE_ROW, let text = sqlite3_column_text(statement, 0) else { return nil }
            return String(cString: text)
        }

        private func bind(_ value: Value, at index: Int32) throws {
            let code =
                switch value {
                case .null: sqlite3_bind_null(statement, index)
                case .integer(let number): sqlite3_bind_int64(statement, index, number)
                case .text(let text):
                    csqlite_bind_text(statement, index, text, sqlite3_uint64(text.utf8.count))
                case .blob(let bytes):
                    csqlite_bind_blob(statement, index, bytes, sqlite3_uint64(bytes.count))
                }
            try database.check(code)
        }
    }
}
