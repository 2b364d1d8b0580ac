import CSQLite
import Glibc

extension StoreError {
    /// What went wrong last on `connection`, where `code` was the answer.
    init(_ code: Int32, on connection: OpaquePointer?, path: String, sql: StaticString? = nil) {
        let text =
            connection.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
        let system = connection.map { sqlite3_system_errno($0) } ?? 0
        let kind = Kind(code: code, system: system)
        // The system's number is kept from earlier failures, so it is told only where it is the cause.
        let cause = (kind == .disk || kind == .full) && system != 0 ? ": \(Self.text(of: system))" : ""
        self.init(kind, "\(path): \(text)\(cause)", code: code, sql: sql.map { String(describing: $0) })
    }

    /// A system call that failed just now, by `errno`.
    init(system call: StaticString, _ path: String, number: Int32 = errno) {
        self.init(Self.isNoSpace(number) ? .full : .disk, "\(path): \(call): \(Self.text(of: number))")
    }

    fileprivate static func isNoSpace(_ number: Int32) -> Bool { number == ENOSPC || number == EDQUOT }

    private static func text(of number: Int32) -> String { String(cString: strerror(number)) }
}

extension StoreError.Kind {
    /// Sorts an extended result code, and `errno` as it was at an I/O error.
    fileprivate init(code: Int32, system: Int32) {
        switch code {
        case 1555, 2067, 2579: self = .unique  // SQLITE_CONSTRAINT_PRIMARYKEY, _UNIQUE, _ROWID
        case 787: self = .foreignKey  // SQLITE_CONSTRAINT_FOREIGNKEY
        case 8202, 8458: self = .corrupt  // SQLITE_IOERR_DATA, _CORRUPTFS
        default:
            switch code & 0xFF {
            case SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_TOOBIG: self = .constraint
            case SQLITE_FULL: self = .full
            case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM:
                self = StoreError.isNoSpace(system) ? .full : .disk
            case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: self = .corrupt
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: self = .busy
            default: self = .other
            }
        }
    }
}
