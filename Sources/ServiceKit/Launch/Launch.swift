import Glibc
import Wire

/// A service's name and purpose, for `--help` and `--version`.
public struct Program: Sendable {
    public let name: String
    /// What the service is for, in a sentence.
    public let summary: String

    public init(name: String, summary: String) {
        self.name = name
        self.summary = summary
    }

    var help: String {
        """
        \(name): \(summary)

        Usage:
          \(name) --config FILE          serves until SIGTERM; SIGHUP reads FILE again
          \(name) --config FILE --check  tells whether FILE is a good configuration
          \(name) --version
          \(name) --help

        FILE is JSON, and may have comments and trailing commas (JSON5). docs/operations.md lists every setting.
        Exit status: 0 done, 64 wrong usage, 78 wrong configuration, 69 to 73 other errors; standard error says which.

        """
    }
}

/// The first step of every service: reads the command line, then the configuration that it names.
public struct Launch<Configuration: Sendable>: Sendable {
    public typealias Reader = @Sendable (Settings) throws(SettingError) -> Configuration

    /// The configuration's file.
    public let file: String
    public let configuration: Configuration
    private let read: Reader

    /// Returns where the service is to run; everything else on the command line (`--help`, `--version`, `--check`), and
    /// every mistake in it or in the configuration, is answered here and ends the process. The first of `arguments` is the
    /// program's own path.
    public init(_ program: Program, arguments: [String] = CommandLine.arguments, read: @escaping Reader) {
        do {
            switch try Command(arguments.dropFirst()) {
            case .run(let file):
                self.file = file
                self.read = read
                configuration = try Settings.read(file, read)
            case .check(let file):
                _ = try Settings.read(file, read)
                Self.finish("configuration is good\n")
            case .version:
                Self.finish("\(program.name) \(Version.current)\n")
            case .help:
                Self.finish(program.help)
            }
        } catch let error as UsageError {
            fail("\(program.name): \(error)", error.exit)
        } catch {
            fail(error)
        }
    }

    /// Reads the file again, for SIGHUP. The service goes on with what it has where this throws.
    public func reload() throws(SettingError) -> Configuration {
        try Settings.read(file, read)
    }

    private static func finish(_ text: String) -> Never {
        Output.write(text, to: STDOUT_FILENO)
        exit(Exit.ok.rawValue)
    }
}
