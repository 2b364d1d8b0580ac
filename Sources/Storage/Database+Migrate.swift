import CSQLite

extension Database {
    /// Tags a new file and gives it the table that lists its migrations.
    func begin(_ schema: Schema) throws(StoreError) {
        try execute("BEGIN IMMEDIATE")
        // A PRAGMA takes no `?1`, so this is the one text made at run time: of a number.
        let code = sqlite3_exec(handle, "PRAGMA application_id = \(schema.tag.number)", nil, nil, nil)
        guard code == SQLITE_OK else { throw StoreError(code, on: handle, path: path) }
        try execute(
            """
            CREATE TABLE schema_migration (
                number INTEGER PRIMARY KEY,
                name TEXT NOT NULL,
                hash INTEGER NOT NULL,
                applied INTEGER NOT NULL
            ) STRICT
            """)
        try execute("COMMIT")
    }

    /// Brings the tables to the state of `schema`, each migration in a transaction of its own, and keeps a copy of what there
    /// was before the first of them. `now` is in milliseconds since 1970.
    func migrate(to schema: Schema, now: Int64) throws(StoreError) {
        let done = try applied(schema)
        if done > 0, done < schema.migrations.count {
            try keep(before: done + 1, schema.migrations[done])
        }
        // A table can only be replaced with the checks off; that is why they are made afterwards, before the commit.
        try execute("PRAGMA foreign_keys = OFF")
        for index in done..<schema.migrations.count {
            let migration = schema.migrations[index]
            do throws(StoreError) {
                try execute("BEGIN IMMEDIATE")
                try execute(migration.sql)
                precondition(
                    isInTransaction, "migration \(index + 1) \"\(migration.name)\" ends its transaction")
                try checkReferences()
                try run(
                    "INSERT INTO schema_migration (number, name, hash, applied) VALUES (?1, ?2, ?3, ?4)",
                    index + 1, String(describing: migration.name), migration.hash, now)
                try execute("COMMIT")
            } catch {
                rollBack()
                // Without the statement's text: here it is the whole migration.
                throw StoreError(
                    error.kind, "migration \(index + 1) \"\(migration.name)\": \(error.message)",
                    code: error.code)
            }
        }
    }

    /// Compares the file with `schema` to the last migration.
    func check(_ schema: Schema) throws(StoreError) {
        try checkTag(schema)
        let done = try applied(schema)
        guard done == schema.migrations.count else {
            throw StoreError(
                .foreign,
                "\(path): has \(done) of \(schema.migrations.count) migrations: start the service that writes it first"
            )
        }
    }

    /// Compares whose the file is.
    func checkTag(_ schema: Schema) throws(StoreError) {
        let tag = try tag()
        guard tag == schema.tag else {
            throw StoreError(.foreign, "\(path): is a \(tag) database, not a \(schema.tag) one")
        }
    }

    /// How many migrations are done, whatever they are.
    func migrationCount() throws -> Int {
        try first("SELECT count(*) FROM schema_migration") { $0.int(0) } ?? 0
    }

    /// Whose the file is.
    func tag() throws(StoreError) -> Tag {
        let statement = try begin("PRAGMA application_id")
        defer { statement.rest() }
        let number = try advance(statement) ? Row(of: statement).int64(0) : 0
        return Tag(number: Int32(truncatingIfNeeded: number))
    }

    /// How many migrations are done; all of them must be those of `schema`.
    private func applied(_ schema: Schema) throws(StoreError) -> Int {
        let statement = try begin("SELECT number, name, hash FROM schema_migration ORDER BY number")
        defer { statement.rest() }
        var count = 0
        while try advance(statement) {
            let row = Row(of: statement)
            let (number, name, hash) = (row.int(0), row.string(1), row.int64(2))
            guard count < schema.migrations.count else {
                throw StoreError(
                    .newer,
                    """
                    \(path): was written by a newer version: it has migration \(number) "\(name)", \
                    this program knows \(count)
                    """)
            }
            let known = schema.migrations[count]
            count += 1
            guard number == count, name == String(describing: known.name), hash == known.hash else {
                throw StoreError(
                    .foreign,
                    """
                    \(path): has migration \(number) "\(name)", which differs from migration \(count) \
                    "\(known.name)" of this program
                    """)
            }
        }
        return count
    }

    func checkReferences() throws(StoreError) {
        let statement = try begin("PRAGMA foreign_key_check")
        defer { statement.rest() }
        guard try advance(statement) else { return }
        let table = Row(of: statement).string(0)
        throw StoreError(.foreignKey, "\(path): table \(table) points to rows that are not there")
    }
}
