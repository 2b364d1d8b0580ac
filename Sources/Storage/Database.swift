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
        let statement = try begin(sql, values)
        defer { statement.rest() }
        while try advance(statement) {}
        return statement.isReadOnly ? 0 : Int(sqlite3_changes64(handle))
    }

    /// The first row of the answer; nil where there is none.
    package func first<T>(
        _ sql: StaticString, _ values: any Bindable..., row: (borrowing Row) throws -> T
    ) throws -> T? {
        let statement = try begin(sql, values)
        defer { statement.rest() }
        guard try advance(statement) else { return nil }
        let value = try read(statement, row)
        try finish(statement)
        return value
    }

    /// Every row of the answer.
    package func all<T>(
        _ sql: StaticString, _ values: any Bindable..., row: (borrowing Row) throws -> T
    ) throws -> [T] {
        let statement = try begin(sql, values)
        defer { statement.rest() }
        var rows: [T] = []
        while try advance(statement) { rows.append(try read(statement, row)) }
        return rows
    }

    /// Goes through the answer row by row, keeping none.
    package func each(
        _ sql: StaticString, _ values: any Bindable..., row: (borrowing Row) throws -> Void
    ) throws {
        let statement = try begin(sql, values)
        defer { statement.rest() }
        while try advance(statement) { try read(statement, row) }
    }

    /// Whether the answer has a row.
    package func exists(_ sql: StaticString, _ values: any Bindable...) throws(StoreError) -> Bool {
        let statement = try begin(sql, values)
        defer { statement.rest() }
        guard try advance(statement) else { return false }
        try finish(statement)
        return true
    }

    /// Runs several reads over one state of the database, whatever is committed meanwhile; each of them costs about
    /// half of what it costs alone. Inside a transaction it adds nothing.
    package func snapshot<T>(_ body: () throws -> T) throws -> T {
        guard !isInTransaction else { return try body() }
        try run("BEGIN")
        // Nothing was written, so that either way this only ends the read.
        defer { do { try run("COMMIT") } catch { rollBack() } }
        return try body()
    }

    /// Runs any number of statements that take no values and whose rows nobody wants.
    func execute(_ sql: StaticString) throws(StoreError) {
        let code = sql.utf8Start.withMemoryRebound(to: CChar.self, capacity: sql.utf8CodeUnitCount + 1) {
            sqlite3_exec(handle, $0, nil, nil, nil)
        }
        guard code == SQLITE_OK else { throw failed(code, sql) }
    }

    /// Rows that were changed since the connection was opened.
    var changes: Int64 { sqlite3_total_changes64(handle) }

    var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

    /// Ends the transaction, if there is one, without keeping anything of it.
    func rollBack() {
        guard isInTransaction else { return }
        sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }

    /// Makes a statement ready for its first step. Whoever asked puts it to rest.
    func begin(_ sql: StaticString, _ values: [any Bindable] = []) throws(StoreError) -> Statement {
        let statement = try ready(sql)
        let code = statement.bind(values)
        guard code == SQLITE_OK else {
            statement.rest()
            throw failed(code, sql)
        }
        statement.isRunning = true
        return statement
    }

    /// Goes on to the next row.
    ///
    /// - Returns: whether there is one.
    /// - Throws: also where the row before was not of the types that were asked for.
    func advance(_ statement: Statement) throws(StoreError) -> Bool {
        try checkTypes(statement)
        let code = sqlite3_step(statement.handle)
        guard code != SQLITE_ROW else { return true }
        guard code == SQLITE_DONE else { throw failed(code, statement.sql) }
        return false
    }

    /// Ends a statement before its last row. One that writes is run to its end, where it may still fail.
    private func finish(_ statement: Statement) throws(StoreError) {
        try checkTypes(statement)
        guard !statement.isReadOnly else { return }
        while try advance(statement) {}
    }

    private func read<T>(_ statement: Statement, _ row: (borrowing Row) throws -> T) throws -> T {
        do {
            return try row(Row(of: statement))
        } catch {
            // What it read wrongly is the reason for whatever it then threw.
            try checkTypes(statement)
            throw error
        }
    }

    private func checkTypes(_ statement: Statement) throws(StoreError) {
        guard let (column, wanted) = statement.mismatch else { return }
        let name = sqlite3_column_name(statement.handle, column).map { String(cString: $0) } ?? "?"
        throw StoreError(
            .corrupt, "\(path): column \(column) (\(name)) is not \(wanted)",
            sql: String(describing: statement.sql))
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
}
