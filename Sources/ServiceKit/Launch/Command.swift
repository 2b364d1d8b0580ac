/// What the command line asks for.
enum Command: Equatable {
    case run(file: String)
    case check(file: String)
    case version
    case help

    /// Reads the words after the program's name. `--help` and `--version` win over everything else that is well-formed.
    init(_ words: some Sequence<String>) throws(UsageError) {
        var file: String?
        var check = false
        var other: Command?
        var rest = words.makeIterator()
        while let word = rest.next() {
            switch word {
            case "--help", "-h": other = .help
            case "--version": other = other ?? .version
            case "--check":
                guard !check else { throw UsageError("--check is given twice") }
                check = true
            case "--config":
                guard file == nil else { throw UsageError("--config is given twice") }
                guard let next = rest.next(), !next.isEmpty else { throw UsageError("--config needs a file") }
                file = next
            case _ where word.hasPrefix("--config="):
                guard file == nil else { throw UsageError("--config is given twice") }
                file = String(word.dropFirst("--config=".count))
                guard file?.isEmpty == false else { throw UsageError("--config needs a file") }
            default:
                throw UsageError("\(quoted(word)) is not an option")
            }
        }
        if let other {
            self = other
        } else if let file {
            self = check ? .check(file: file) : .run(file: file)
        } else {
            throw UsageError("--config FILE is missing")
        }
    }
}

/// A command line that makes no sense. Ends the program with 64.
public struct UsageError: Fatal, Equatable {
    public let description: String

    init(_ problem: String) { description = problem + " (see --help)" }

    public var exit: Exit { .usage }
}
