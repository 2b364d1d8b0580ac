import FoundationEssentials
import ServiceKit
import Wire

/// What a backup is made of: the file `manifest.json` in its directory.
struct Manifest: Codable, Equatable {
    /// The format of the backup; this program reads the first.
    var format = 1
    /// The release of the services that were copied.
    var version: String
    /// The moment that all three copies show.
    var at: Timestamp
    var files: [File]
    /// For whoever finds the directory.
    var note =
        "The keys are not in this backup. Without the keys of this time its secrets cannot be read: keep both, apart."

    /// One service's database.
    struct File: Codable, Equatable {
        var service: ServiceName
        /// The file's name in the directory.
        var file: String
        var bytes: Int
        /// In hexadecimal.
        var sha256: String
        /// How many migrations the database has had.
        var schema: Int
        /// The keys that values in it are sealed under.
        var keys: [Common.KeyUse]
    }

    static let fileName = "manifest.json"

    /// Reads the manifest of the backup in `directory`.
    init(of directory: String) throws(Problem) {
        let path = "\(directory)/\(Self.fileName)"
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try contents(of: path, limit: 1 << 20)
        } catch {
            throw .bad("\(path) \(error)")
        }
        struct Format: Decodable { let format: Int }
        let decoder = JSONDecoder()
        guard let format = try? decoder.decode(Format.self, from: Data(bytes)).format else {
            throw .bad("\(path): is no manifest of a backup")
        }
        guard format == 1 else {
            throw .bad(
                "\(path): has format \(format), and this hubctl reads 1: use the release that wrote it")
        }
        do {
            self = try decoder.decode(Manifest.self, from: Data(bytes))
        } catch {
            throw .bad("\(path): is damaged")
        }
        let services = files.map(\.service)
        guard services.count == ServiceName.allCases.count, Set(services).count == services.count,
            files.allSatisfy({ !$0.file.contains("/") && $0.file.first != "." })
        else { throw .bad("\(path): does not name one file for each of the three services") }
    }

    init(version: String, at: Timestamp, files: [File]) {
        self.version = version
        self.at = at
        self.files = files
    }
}
