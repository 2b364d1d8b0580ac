package import Wire

/// A service's database as it was at one moment, for as long as somebody holds it.
package struct Picture: Sendable {
    /// Copies it to a file; the copy's size in bytes.
    package let copy: @Sendable (String) async throws -> Int
    /// Reads what it is asked about most.
    package let facts: @Sendable () async throws -> Facts

    package init(
        copy: @escaping @Sendable (String) async throws -> Int,
        facts: @escaping @Sendable () async throws -> Facts
    ) {
        self.copy = copy
        self.facts = facts
    }

    /// What a database is, and what is in it.
    package struct Facts: Sendable, Hashable {
        /// How many migrations it has had.
        let schema: Int
        /// The time of what was written last.
        let newest: Timestamp?
        /// How many values are sealed under which version of the service's key.
        let values: [UInt32: Int]

        package init(schema: Int, newest: Timestamp?, values: [UInt32: Int] = [:]) {
            self.schema = schema
            self.newest = newest
            self.values = values
        }

        /// The keys that values are sealed under, and those that the service has.
        func keys(_ fingerprints: [UInt32: String]) -> [Common.KeyUse] {
            Set(values.keys).union(fingerprints.keys).sorted().map { version in
                Common.KeyUse(
                    version: version, values: values[version] ?? 0, fingerprint: fingerprints[version])
            }
        }
    }
}
