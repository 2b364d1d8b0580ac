import Glibc
import Pages
import Testing
import Wire

/// A program that a test started. It is killed when nobody holds it any more, and when the test's own process ends.
///
/// All are started on the loop: that a process dies with its parent is, in Linux, bound to the thread that started it,
/// and the loop's lasts.
@Loop
final class Command {
    private let pid: pid_t
    private var status: CInt?

    /// What a program reads.
    enum Input {
        case file(String)
        /// The reading end of a pipe.
        case pipe(CInt)
    }

    /// Starts `words`, the first found by `PATH`. What it writes goes into two files.
    init(_ words: [String], input: Input, output: String, errors: String) throws {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        let append = O_WRONLY | O_CREAT | O_APPEND
        switch input {
        case .file(let path): posix_spawn_file_actions_addopen(&files, STDIN_FILENO, path, O_RDONLY, 0)
        case .pipe(let end): posix_spawn_file_actions_adddup2(&files, end, STDIN_FILENO)
        }
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output, append, 0o600)
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, errors, append, 0o600)
        let all = ["setpriv", "--pdeathsig", "KILL", "--"] + words
        var arguments = all.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid = pid_t()
        let error = posix_spawnp(&pid, all[0], &files, nil, &arguments, environ)
        guard error == 0 else { throw SystemError("spawn \(words)", code: error) }
        self.pid = pid
    }

    deinit {
        guard status == nil else { return }
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    /// Its exit status, or 256 and the signal that ended it; nil while it runs.
    func poll() -> CInt? {
        var raw: CInt = 0
        if status == nil, waitpid(pid, &raw, WNOHANG) == pid {
            status = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 256 + raw & 0x7F
        }
        return status
    }

    /// Runs a program to its end, which must be a good one, and gives what it wrote.
    @discardableResult
    static func run(_ words: [String], input: String = "") async throws -> String {
        let scratch = try Scratch()
        let command = try Command(
            words, input: .file(scratch.write(input, to: "input")), output: scratch.file("output"),
            errors: scratch.file("errors"))
        let status = try await eventually("\(words[0]) to end") { command.poll() }
        let errors = String(decoding: scratch.read("errors"), as: UTF8.self)
        try #require(status == 0, "\(words): \(errors)")
        return String(decoding: scratch.read("output"), as: UTF8.self)
    }

    /// The words that start a Python script of `Tests/Counterparts`.
    static func python(_ script: String, _ arguments: String...) throws -> [String] {
        let root = Repository.root
        let python = "\(root)/.venv/bin/python"
        try #require(access(python, X_OK) == 0, "there is no \(python): scripts/setup test makes it")
        return [python, "\(root)/Tests/Counterparts/\(script)"] + arguments
    }
}

/// What a test waited for in vain.
struct WaitedInVain: Error, CustomStringConvertible {
    let description: String
}

/// Looks again and again until `look` gives something, for a limit that no machine in working order needs.
@Loop
func eventually<T>(_ what: String, _ look: @Loop () throws -> T?) async throws -> T {
    let end = Deadline.after(milliseconds: 50_000)
    while true {
        if let found = try look() { return found }
        guard !end.hasPassed else { throw WaitedInVain(description: "waited in vain for \(what)") }
        await Loop.pause(milliseconds: 20)
    }
}
