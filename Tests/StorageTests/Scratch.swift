import Glibc
import Synchronization

@testable import Storage

/// A directory that lasts as long as the test that made it.
final class Scratch: Sendable {
    let directory: String

    init() {
        var template = Array("/tmp/storage-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { preconditionFailure("no scratch directory") }
        directory = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        for name in names { unlink(path(name)) }
        rmdir(directory)
    }

    func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// The files in it, in order.
    var names: [String] {
        guard let listing = opendir(directory) else { return [] }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}

/// Bytes of files, as the tests look at them and damage them.
enum Bytes {
    static func of(_ path: String) -> [UInt8] {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return [] }
        defer { close(file) }
        let size = Files.size(of: path) ?? 0
        return [UInt8](unsafeUninitializedCapacity: size) {
            $1 = max(0, pread(file, $0.baseAddress, size, 0))
        }
    }

    static func put(_ bytes: [UInt8], at offset: Int = 0, in path: String) {
        let file = open(path, O_CREAT | O_WRONLY, 0o600)
        defer { close(file) }
        precondition(pwrite(file, bytes, bytes.count, off_t(offset)) == bytes.count)
    }

    static func contains(_ text: String, in path: String) -> Bool {
        of(path).firstRange(of: Array(text.utf8)) != nil
    }
}

extension Schema {
    /// What most tests keep: a few items, and the owners that they point to.
    static let test = Schema(
        tag: "CHts",
        [
            Migration(
                "items and owners",
                """
                CREATE TABLE owner (id INTEGER PRIMARY KEY) STRICT;
                CREATE TABLE item (
                    id INTEGER PRIMARY KEY,
                    name TEXT UNIQUE CHECK (name <> 'forbidden'),
                    owner INTEGER REFERENCES owner (id) DEFERRABLE INITIALLY DEFERRED
                ) STRICT;
                """),
            Migration(
                "values",
                """
                CREATE TABLE value (
                    id INTEGER PRIMARY KEY, number INTEGER, real REAL, text TEXT, blob BLOB
                ) STRICT;
                """),
        ])
}

/// A write that holds the writer's thread until it is let go, so that others queue up behind it.
final class Hold: Sendable {
    private let isEntered = Atomic(false)
    private let released: Doorbell

    init() throws { released = try Doorbell() }

    /// Returns when the writer's thread stands still.
    func take(_ writer: Writer) async -> Task<Void, any Error> {
        let task = Task {
            try await writer.write { [self] _ in
                isEntered.store(true, ordering: .relaxed)
                _ = released.wait(milliseconds: 30_000)
            }
        }
        await until { isEntered.load(ordering: .relaxed) }
        return task
    }

    func letGo() { released.ring() }
}

extension Writer {
    /// Starts a write and returns when it waits in the queue.
    func queue<T: Sendable>(_ work: @escaping @Sendable (Database) throws -> T) async -> Task<T, any Error> {
        let before = waiting
        let task = Task { try await write(work) }
        await until { waiting > before }
        return task
    }

    /// The number of items.
    func items() async throws -> Int {
        try await write { try $0.first("SELECT count(*) FROM item") { $0.int(0) } ?? -1 }
    }
}

/// Waits for `condition`, for half a minute at most.
func until(_ condition: () -> Bool) async {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(30)
    while !condition() && clock.now < end { try? await Task.sleep(for: .milliseconds(1)) }
}

/// The error that `body` throws, where it is a ``StoreError``.
func storeError<T>(_ body: () throws -> T) -> StoreError? {
    do { _ = try body() } catch { return error as? StoreError }
    return nil
}

func storeError<T>(_ body: () async throws -> T) async -> StoreError? {
    do { _ = try await body() } catch { return error as? StoreError }
    return nil
}
