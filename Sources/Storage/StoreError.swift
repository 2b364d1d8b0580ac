/// Why the store did not do what it was asked. Carries the statement's text, never a value that was bound to it or
/// read by it, so that it may be logged.
package struct StoreError: Error, Equatable, Sendable {
    /// What a caller can act on.
    package enum Kind: Equatable, Sendable {
        /// A row with this key is there already.
        case unique
        /// A row that is pointed to is not there.
        case foreignKey
        /// Another rule of the schema: CHECK, NOT NULL, the type of a STRICT column.
        case constraint
        /// No space left.
        case full
        /// The file cannot be opened, read or written.
        case disk
        /// The file is damaged or no database, or a column holds another type than was asked for.
        case corrupt
        /// Another connection held its lock for longer than a writer or reader waits.
        case busy
        /// The database was written by a newer version of the program.
        case newer
        /// The database belongs to another program, or its migrations are not those of this one.
        case foreign
        /// Another process writes to this database.
        case inUse
        /// More writes wait than the limit allows.
        case overloaded
        /// The writer was closed.
        case closed
        case other
    }

    package let kind: Kind
    /// SQLite's extended result code; 0 where the error is not SQLite's.
    package let code: Int32
    package let message: String
    /// The text of the statement that failed.
    package let sql: String?

    init(_ kind: Kind, _ message: String, code: Int32 = 0, sql: String? = nil) {
        self.kind = kind
        self.code = code
        self.message = message
        self.sql = sql
    }

    package var isUnique: Bool { kind == .unique }
    package var isForeignKey: Bool { kind == .foreignKey }
    /// Whether the schema refused the change, for whichever rule.
    package var isConstraint: Bool { kind == .unique || kind == .foreignKey || kind == .constraint }
    package var isFull: Bool { kind == .full }
    /// Whether the disk refused, full or failing.
    package var isDisk: Bool { kind == .full || kind == .disk }
    package var isCorrupt: Bool { kind == .corrupt }
    package var isBusy: Bool { kind == .busy }
    package var isOverloaded: Bool { kind == .overloaded }

    /// Whether nothing was wrong with the request itself, so that the same one may succeed later.
    package var isPassing: Bool {
        switch kind {
        case .full, .disk, .busy, .overloaded, .closed: true
        default: false
        }
    }
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        let number = code == 0 ? "" : " (SQLite \(code))"
        let statement = sql.map { " in: \($0)" } ?? ""
        return message + number + statement
    }
}
