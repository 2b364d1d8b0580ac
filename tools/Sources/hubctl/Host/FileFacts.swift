import Glibc

/// What the system says of a file.
struct FileFacts: Equatable {
    enum Kind: String { case file, directory, socket, other }

    let kind: Kind
    let owner: UInt32
    let group: UInt32
    /// The rights, without the kind.
    let mode: UInt32
    let bytes: Int

    /// Nil where there is no such file, or it cannot be looked at.
    init?(_ path: String) {
        var info = stat()
        guard stat(path, &info) == 0 else { return nil }
        switch info.st_mode & S_IFMT {
        case S_IFREG: kind = .file
        case S_IFDIR: kind = .directory
        case S_IFSOCK: kind = .socket
        default: kind = .other
        }
        owner = info.st_uid
        group = info.st_gid
        mode = info.st_mode & 0o7777
        bytes = Int(info.st_size)
    }

    var octal: String { "0" + String(mode, radix: 8) }
}

/// A user's name, or the number of one that has none.
func userName(_ number: UInt32) -> String {
    guard let record = getpwuid(number) else { return "\(number)" }
    return String(cString: record.pointee.pw_name)
}

/// What went wrong in the last system call, with what it was about.
func systemProblem(_ what: String, _ path: String, _ number: Int32 = errno) -> Problem {
    .bad("\(path): cannot \(what): \(String(cString: strerror(number)))")
}

/// The names of the files in a directory, sorted, those that begin with a dot among them; nil where there is none.
func names(in directory: String) -> [String]? {
    guard let listing = opendir(directory) else { return nil }
    defer { closedir(listing) }
    var names: [String] = []
    while let entry = readdir(listing) {
        let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}
