import CSQLite

extension Database {
    /// Opens a database to read it, beside the ``Writer`` that owns it: on the loop's thread, a read sees a commit as
    /// soon as `write` has returned.
    ///
    /// - Throws: where the file is damaged, is another program's, or has not exactly the migrations of `schema`.
    package convenience init(reading path: String, schema: Schema) throws(StoreError) {
        try self.init(readOnly: path)
        try check(schema)
    }

    /// Opens a database to read it, whatever is in it.
    convenience init(readOnly path: String) throws(StoreError) {
        try self.init(opening: path, flags: SQLITE_OPEN_READONLY)
        // The loop must not stand still for long; only the recovery after a crash makes a reader wait at all.
        sqlite3_busy_timeout(handle, 1_000)
        try harden()
        try execute("PRAGMA query_only = ON")
    }

    /// Opens a database to write it, making it where it is not there, and brings it to the state of `schema`. `now`, in
    /// milliseconds since 1970, is kept with the migrations that are done.
    convenience init(writing path: String, schema: Schema, now: Int64) throws(StoreError) {
        try Self.create(path, schema: schema)
        try self.init(opening: path, flags: SQLITE_OPEN_READWRITE)
        sqlite3_busy_timeout(handle, 5_000)
        try harden()
        // Before anything is changed in a file that may be another program's.
        try checkTag(schema)
        try execute(
            """
            PRAGMA synchronous = FULL;
            PRAGMA secure_delete = ON;
            PRAGMA journal_size_limit = 4194304;
            PRAGMA temp_store = MEMORY;
            """)
        try useWriteAheadLog()
        try migrate(to: schema, now: now)
        try execute("PRAGMA foreign_keys = ON")
    }

    convenience init(opening path: String, flags: Int32) throws(StoreError) {
        var handle: OpaquePointer?
        // One thread a connection: SQLite's own lock around each call is not needed.
        let all = flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &handle, all, nil)
        guard code == SQLITE_OK, let handle else {
            defer { sqlite3_close_v2(handle) }
            throw StoreError(code, on: handle, path: path)
        }
        self.init(adopting: handle, path: path)
    }

    /// What holds for every connection: a damaged or malicious file is noticed, and does nothing but hold data.
    private func harden() throws(StoreError) {
        csqlite_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
        csqlite_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
        csqlite_config(handle, SQLITE_DBCONFIG_DQS_DML, 0)
        csqlite_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0)
        // No memory map: a file that becomes shorter would end the process with SIGBUS instead of an error.
        try execute(
            """
            PRAGMA cell_size_check = ON;
            PRAGMA mmap_size = 0;
            PRAGMA cache_size = -16384;
            """)
    }

    private func useWriteAheadLog() throws(StoreError) {
        let mode = try text("PRAGMA journal_mode = WAL")
        guard mode == "wal" else {
            throw StoreError(
                .disk, "\(path): the file system does not allow a write-ahead log (journal mode \(mode))")
        }
    }

    /// The text that a PRAGMA answers.
    private func text(_ pragma: StaticString) throws(StoreError) -> String {
        let statement = try begin(pragma)
        defer { statement.rest() }
        return try advance(statement) ? Row(of: statement).string(0) : ""
    }

    /// Looks at every page.
    ///
    /// - Throws: ``StoreError/Kind/corrupt`` with what SQLite found first.
    func quickCheck() throws(StoreError) {
        let finding = try text("PRAGMA quick_check(1)")
        guard finding == "ok" else { throw StoreError(.corrupt, "\(path): \(finding)") }
    }

    /// Looks at every page, and at whether every index fits its table.
    ///
    /// - Throws: ``StoreError/Kind/corrupt`` with what SQLite found first.
    func fullCheck() throws(StoreError) {
        let finding = try text("PRAGMA integrity_check(1)")
        guard finding == "ok" else { throw StoreError(.corrupt, "\(path): \(finding)") }
    }

    /// Moves what stands in the write-ahead log into the file and empties the log, so that nothing that was deleted
    /// lingers there.
    ///
    /// - Returns: whether it was emptied; not where a reader still needs it.
    func emptyLog() -> Bool {
        sqlite3_busy_timeout(handle, 50)
        defer { sqlite3_busy_timeout(handle, 5_000) }
        return sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_TRUNCATE, nil, nil) == SQLITE_OK
    }
}
