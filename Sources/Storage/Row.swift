import CSQLite

/// One row of an answer. Columns are numbered from 0. It cannot leave the closure that it is given to.
///
/// A getter that meets another type than it is for, NULL included, returns zero or nothing, and the call that made
/// the row throws ``StoreError/Kind/corrupt`` once the closure is done: a damaged file ends a request, not the process.
package struct Row: ~Copyable {
    // A row never outlives the step of its statement, so it does not count as an owner. (An owning one also crashes
    // the optimiser of Swift 6.3.1.)
    private let statement: Unmanaged<Statement>
    private let handle: OpaquePointer

    init(of statement: Statement) {
        self.statement = .passUnretained(statement)
        handle = statement.handle
    }

    package func isNull(_ column: Int) -> Bool { type(column) == SQLITE_NULL }

    package func int64(_ column: Int) -> Int64 {
        guard expect(SQLITE_INTEGER, "an integer", column) else { return 0 }
        return sqlite3_column_int64(handle, Int32(column))
    }

    package func int(_ column: Int) -> Int { Int(int64(column)) }

    package func bool(_ column: Int) -> Bool { int64(column) != 0 }

    package func double(_ column: Int) -> Double {
        guard expect(SQLITE_FLOAT, "a real number", column) else { return 0 }
        return sqlite3_column_double(handle, Int32(column))
    }

    package func string(_ column: Int) -> String {
        guard expect(SQLITE_TEXT, "text", column) else { return "" }
        // The text is fetched before its size: that order makes the size one in UTF-8.
        let start = sqlite3_column_text(handle, Int32(column))
        let size = Int(sqlite3_column_bytes(handle, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: size), as: UTF8.self)
    }

    package func blob(_ column: Int) -> [UInt8] {
        guard expect(SQLITE_BLOB, "a blob", column) else { return [] }
        let start = sqlite3_column_blob(handle, Int32(column))
        return [UInt8](
            UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, Int32(column)))))
    }

    /// A blob of 16 bytes, as two big-endian halves.
    package func pair(_ column: Int) -> (UInt64, UInt64) {
        let wanted: StaticString = "a blob of 16 bytes"
        guard expect(SQLITE_BLOB, wanted, column) else { return (0, 0) }
        guard let start = sqlite3_column_blob(handle, Int32(column)),
            sqlite3_column_bytes(handle, Int32(column)) == 16
        else {
            note(wanted, column)
            return (0, 0)
        }
        let high = start.loadUnaligned(as: UInt64.self)
        let low = start.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        return (UInt64(bigEndian: high), UInt64(bigEndian: low))
    }

    package func int64OrNil(_ column: Int) -> Int64? { isNull(column) ? nil : int64(column) }
    package func intOrNil(_ column: Int) -> Int? { isNull(column) ? nil : int(column) }
    package func boolOrNil(_ column: Int) -> Bool? { isNull(column) ? nil : bool(column) }
    package func doubleOrNil(_ column: Int) -> Double? { isNull(column) ? nil : double(column) }
    package func stringOrNil(_ column: Int) -> String? { isNull(column) ? nil : string(column) }
    package func blobOrNil(_ column: Int) -> [UInt8]? { isNull(column) ? nil : blob(column) }
    package func pairOrNil(_ column: Int) -> (UInt64, UInt64)? { isNull(column) ? nil : pair(column) }

    private func type(_ column: Int) -> Int32 {
        precondition(
            column >= 0 && column < Int(sqlite3_column_count(handle)),
            "no column \(column) in: \(sql)")
        return sqlite3_column_type(handle, Int32(column))
    }

    private func expect(_ wanted: Int32, _ name: StaticString, _ column: Int) -> Bool {
        if type(column) == wanted { return true }
        note(name, column)
        return false
    }

    private func note(_ wanted: StaticString, _ column: Int) {
        statement._withUnsafeGuaranteedRef { statement in
            if statement.mismatch == nil { statement.mismatch = (Int32(column), wanted) }
        }
    }

    private var sql: StaticString { statement._withUnsafeGuaranteedRef { $0.sql } }
}
