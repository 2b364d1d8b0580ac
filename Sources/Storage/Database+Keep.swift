import CSQLite

extension Database {
    /// Keeps the database as it is before migration `number`, since tables are only ever changed forwards: whoever goes back
    /// to the older program gives it this file. It stands beside the database, for this user alone (0600), and was read page
    /// by page before it gets its name. One that was kept before the same migration earlier is replaced.
    ///
    /// - Throws: where it cannot be kept; the migration is then not begun.
    func keep(before number: Int, _ migration: Migration) throws(StoreError) {
        let copy = "\(path).before-migration-\(number)"
        let draft = copy + ".partial"
        do throws(StoreError) {
            for file in [draft, draft + "-journal"] { Files.remove(file) }
            try Files.makePrivate(draft)
            try run("VACUUM INTO ?1", draft)
            try Database(readOnly: draft).quickCheck()
            try Files.move(draft, to: copy)
        } catch {
            for file in [draft, draft + "-journal"] { Files.remove(file) }
            throw StoreError(
                error.kind,
                "migration \(number) \"\(migration.name)\" is not begun, since a copy from before it cannot be kept: "
                    + error.message, code: error.code)
        }
    }
}
