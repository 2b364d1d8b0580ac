import Cryptography
import ServiceKit
import Storage

/// Keys that do not fit what the database holds.
struct KeyMismatch: Fatal, Equatable {
    /// Versions that values are sealed under, and that there is no key for.
    var missing: [UInt32] = []
    /// Versions whose key is another one than the values were sealed with.
    var wrong: [UInt32] = []

    var exit: Exit { .config }

    var description: String {
        let problems = [
            missing.isEmpty
                ? nil : "the database holds values sealed under \(Self.keys(missing)), not in the key file",
            wrong.isEmpty
                ? nil
                : "\(Self.keys(wrong)) in the key file is not what the database's values were sealed with",
        ]
        return problems.compactMap(\.self).joined(separator: "; ")
    }

    private static func keys(_ versions: [UInt32]) -> String {
        (versions.count == 1 ? "key " : "keys ") + versions.map(String.init).joined(separator: ", ")
    }
}

extension Transaction {
    /// How `keys` fall short of what the database holds; nil where they open it. Of each table and version a few values
    /// are tried, so it costs the same for any number of them; a key is wrong where it opens none.
    func mismatch(of keys: SealingKeys) throws -> KeyMismatch? {
        var mismatch = KeyMismatch()
        for table in SealedTable.allCases {
            for version in try database.sealedVersions(in: table) {
                guard keys.versions.contains(version) else {
                    mismatch.missing.append(version)
                    continue
                }
                let samples = try database.sealedRows(in: table, under: version, after: 0, limit: 16)
                if samples.allSatisfy({ (try? keys.open($0.sealed, for: $0.record.identity)) == nil }) {
                    mismatch.wrong.append(version)
                }
            }
        }
        mismatch.missing = Set(mismatch.missing).sorted()
        mismatch.wrong = Set(mismatch.wrong).sorted()
        return mismatch == KeyMismatch() ? nil : mismatch
    }
}
