import CSQLite

/// One connection to one database file. It stays on the thread that uses it.
///
/// SQL is a literal (`StaticString`): text put together at run time does not compile, so a value has no way into it.
/// Values stand as `?1`, `?2` …; a wrong number of them is a fault of the program and ends it.
package final class Database {
    let path: String
    let handle: OpaquePointer
    /// The last error of this connection, for who must know why a transaction is gone.
    var lastError: StoreError?
    // A literal's address is its identity.
    private var statements: [UnsafePointer<UInt8>: Statement] = [:]

    /// Takes over an open connection.
    init(adopting handle: OpaquePointer, path: String) {
        self.path = path
        self.handle = handle
    }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    /// Runs a statement for what it changes.
    ///
    /// - Returns: the number of rows it inserted, updated or deleted.
    @discardableResult
    package func run(_ sql: StaticString, _ values: any Bindable...) throws(StoreError) -> Int {
        try step(sql, values) { _ in true }
    }

    /// The first row of the answer; nil where there is none.
    package func first<T>(
        _ sql: StaticString, _ values: any Bindable..., row: (borrowing Row) throws -> T
    ) throws -> T? {
        var result: Result<T, any Error>?
        try step(sql, values) { next in
            do { result = .success(try row(next)) } catch { result = .failure(error) }
            return false
        }
        return try result?.get()
    }

    /// Every row of the answer.
    package func all<T>(
        _ sql: StaticString, _ values: any Bindable..., row: (borrowing Row) throws -> T
    ) throws -> [T] {
        var rows: [T] = []
        var failure: (any Error)?
        try step(sql, values) { next in
            do { rows.append(try row(next)) } catch { failure = error }
            return failure == nil
        }
        if let failure { throw failure }
        return rows
    }

    /// Goes through the answer row by row, keeping none.
    package func each(
        _ sql: StaticString, _ values: any Bindable..., row: (borrowing Row) throws -> Void
    ) throws {
        var failure: (any Error)?
        try step(sql, values) { next in
            do { try row(next) } catch { failure = error }
            return failure == nil
        }
        if let failure { throw failure }
    }

    /// Whether the answer has a row.
    package func exists(_ sql: StaticString, _ values: any Bindable...) throws(StoreError) -> Bool {
        var found = false
        try step(sql, values) { _ in
            found = true
            return false
        }
        return found
    }

    /// Runs several reads over one state of the database, whatever is committed meanwhile; each of them costs about
    /// half of what it costs alone. Inside a transaction it adds nothing.
    package func snapshot<T>(_ body: () throws -> T) throws -> T {
        guard !isInTransaction else { return try body() }
        try run("BEGIN")
        let result = Result { try body() }
        // Nothing was written, so this only ends the read, also where a failure has ended it already.
        rollBack()
        return try result.get()
    }

    /// Runs any number of statements that take no values and whose rows nobody wants.
    func execute(_ sql: StaticString) throws(StoreError) {
        let code = sql.utf8Start.withMemoryRebound(to: CChar.self, capacity: sql.utf8CodeUnitCount + 1) {
            sqlite3_exec(handle, $0, nil, nil, nil)
        }
        guard code == SQLITE_OK else { throw failed(code, sql) }
    }

    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Ends the transaction, if there is one, without keeping anything of it.
    func rollBack() {
        guard isInTransaction else { return }
        sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }

    /// Gives each row to `take` until it returns false. A statement that writes is run to its end in any case.
    ///
    /// - Returns: the number of rows changed.
    @discardableResult
    func step(
        _ sql: StaticString, _ values: [any Bindable] = [], _ take: (borrowing Row) -> Bool
    ) throws(StoreError) -> Int {
        let statement = try ready(sql)
        statement.isRunning = true
        defer { statement.rest() }
        let bound = statement.bind(values)
        guard bound == SQLITE_OK else { throw failed(bound, sql) }

        var wantsMore = true
        while true {
            let code = sqlite3_step(statement.handle)
            if code == SQLITE_DONE { break }
            guard code == SQLITE_ROW else { throw failed(code, sql) }
            guard wantsMore else { continue }
            wantsMore = take(Row(of: statement))
            if let mismatch = statement.mismatch {
                throw mistyped(mismatch.column, mismatch.wanted, statement)
            }
            if !wantsMore && statement.isReadOnly { break }
        }
        return statement.isReadOnly ? 0 : Int(sqlite3_changes64(handle))
    }

    private func ready(_ sql: StaticString) throws(StoreError) -> Statement {
        if let statement = statements[sql.utf8Start] {
            guard statement.isRunning else { return statement }
            return try prepare(sql)
        }
        let statement = try prepare(sql)
        statements[sql.utf8Start] = statement
        return statement
    }

    private func prepare(_ sql: StaticString) throws(StoreError) -> Statement {
        do throws(StoreError) {
            return try Statement(sql, on: handle, path: path)
        } catch {
            lastError = error
            throw error
        }
    }

    private func failed(_ code: Int32, _ sql: StaticString) -> StoreError {
        let error = StoreError(code, on: handle, path: path, sql: sql)
        lastError = error
        return error
    }

    private func mistyped(_ column: Int32, _ wanted: StaticString, _ statement: Statement) -> StoreError {
        let name = sqlite3_column_name(statement.handle, column).map { String(cString: $0) } ?? "?"
        return StoreError(
            .corrupt, "column \(column) (\(name)) is not \(wanted)", sql: String(describing: statement.sql))
    }
}
