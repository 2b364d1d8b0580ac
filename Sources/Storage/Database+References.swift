import CSQLite

extension Database {
    /// Whether every deferred foreign key of the open transaction points to a row.
    func checkDeferredReferences() throws(StoreError) {
        var broken: Int32 = 0
        var peak: Int32 = 0
        sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &broken, &peak, 0)
        guard broken == 0 else {
            throw StoreError(.foreignKey, "\(path): FOREIGN KEY constraint failed", code: 787)
        }
    }
}
