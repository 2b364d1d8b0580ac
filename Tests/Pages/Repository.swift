import FoundationEssentials

/// The files that these tests were built from.
public enum Repository {
    /// The root's path.
    public static let root: String = {
        let here = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return here.dropLast(3).joined(separator: "/")
    }()

    /// A file that cannot be read.
    public struct Unreadable: Error {
        public let path: String
    }

    /// The text of the file at `path`, counted from the root.
    public static func text(of path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: "\(root)/\(path)"),
            let text = String(validating: data, as: UTF8.self)
        else { throw Unreadable(path: path) }
        return text
    }

    public static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(root)/\(path)")
    }

    /// The files below the folder at `path`, with paths from the root, in order.
    public static func files(below path: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(path)").sorted().map {
            "\(path)/\($0)"
        }.filter { file in
            var isDirectory = false
            return FileManager.default.fileExists(atPath: "\(root)/\(file)", isDirectory: &isDirectory)
                && !isDirectory
        }
    }
}
