import CSQLite

/// One prepared statement of one connection. It is bound, stepped and put to rest by ``Database``, again and again.
final class Statement {
    let sql: StaticString
    let handle: OpaquePointer
    /// Whether it leaves the database as it is.
    let isReadOnly: Bool
    /// Between bind and rest: the mapping of a row may ask for the same SQL again, and then needs another statement.
    var isRunning = false
    /// The first column found to hold something else than its getter was asked for.
    var mismatch: (column: Int32, wanted: StaticString)?

    private let parameters: Int
    // Room for 16 bytes a parameter, so that an identity is bound without an allocation.
    private let pairs: UnsafeMutablePointer<(UInt64, UInt64)>

    /// Prepares `sql`, which must be one statement.
    init(_ sql: StaticString, on connection: OpaquePointer, path: String) throws(StoreError) {
        precondition(sql.hasPointerRepresentation, "not a statement")
        var handle: OpaquePointer?
        var tail: UnsafePointer<CChar>?
        let flags = UInt32(SQLITE_PREPARE_PERSISTENT)
        let code = sql.utf8Start.withMemoryRebound(to: CChar.self, capacity: sql.utf8CodeUnitCount + 1) {
            sqlite3_prepare_v3(connection, $0, Int32(sql.utf8CodeUnitCount + 1), flags, &handle, &tail)
        }
        guard code == SQLITE_OK else { throw StoreError(code, on: connection, path: path, sql: sql) }
        guard let handle else { preconditionFailure("no statement in: \(sql)") }
        precondition(tail.map { $0.pointee == 0 } ?? true, "more than one statement in: \(sql)")

        self.sql = sql
        self.handle = handle
        isReadOnly = sqlite3_stmt_readonly(handle) != 0
        parameters = Int(sqlite3_bind_parameter_count(handle))
        pairs = .allocate(capacity: parameters)
    }

    deinit {
        sqlite3_finalize(handle)
        pairs.deallocate()
    }

    /// Binds every parameter; answers SQLite's result code.
    ///
    /// - Precondition: there are as many values as parameters.
    func bind(_ values: [any Bindable]) -> Int32 {
        precondition(values.count == parameters, "\(values.count) values for \(parameters) in: \(sql)")
        var index: Int32 = 0
        for value in values {
            index += 1
            let code = bind(value.bound, at: index)
            guard code == SQLITE_OK else { return code }
        }
        return SQLITE_OK
    }

    private func bind(_ value: Value, at index: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(handle, index)
        case .integer(let number): return sqlite3_bind_int64(handle, index, number)
        case .real(let number): return sqlite3_bind_double(handle, index, number)
        case .text(var text):
            return text.withUTF8 { bytes in
                // Without an address SQLite would bind NULL.
                guard let start = bytes.baseAddress else { return csqlite_bind_text(handle, index, "", 0) }
                return csqlite_bind_text(handle, index, start, UInt64(bytes.count))
            }
        case .blob(let blob):
            guard !blob.isEmpty else { return sqlite3_bind_zeroblob(handle, index, 0) }
            return blob.withUnsafeBytes { bytes in
                csqlite_bind_blob(handle, index, bytes.baseAddress, UInt64(bytes.count))
            }
        case .pair(let high, let low):
            let place = pairs + Int(index - 1)
            place.initialize(to: (high.bigEndian, low.bigEndian))
            return csqlite_bind_lasting_blob(handle, index, place, 16)
        }
    }

    /// Makes it ready for the next use and forgets what was bound to it.
    func rest() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        mismatch = nil
        isRunning = false
    }
}
