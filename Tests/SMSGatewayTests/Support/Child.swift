import Glibc
import Pages
import Testing

@testable import Wire

/// A program that a test started, in a process group of its own. It is killed, with the processes that it started, when
/// nobody holds it any more; it alone when the test's own process ends.
///
/// All are started on the loop: that a process dies with its parent is, in Linux, bound to the thread that started it,
/// and the loop's lasts.
@Loop
final class Child {
    let pid: pid_t
    private var status: CInt?

    /// What a program reads.
    enum Input {
        case file(String)
        /// The reading end of a pipe.
        case pipe(CInt)
    }

    /// Starts `words`, the first found by `PATH`. What it writes is appended to a file, or to two.
    init(_ words: [String], input: Input = .file("/dev/null"), output: String, errors: String? = nil)
        throws(SystemError)
    {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        switch input {
        case .file(let path): posix_spawn_file_actions_addopen(&files, STDIN_FILENO, path, O_RDONLY, 0)
        case .pipe(let end): posix_spawn_file_actions_adddup2(&files, end, STDIN_FILENO)
        }
        let append = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output, append, 0o600)
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, errors ?? output, append, 0o600)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))

        let words = ["setpriv", "--pdeathsig", "KILL", "--"] + words
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid = pid_t()
        let error = posix_spawnp(&pid, words[0], &files, &attributes, &arguments, environ)
        guard error == 0 else { throw SystemError("spawn \(words)", code: error) }
        self.pid = pid
    }

    isolated deinit { kill() }

    /// Ends it now.
    func kill() {
        guard status == nil else { return }
        Glibc.kill(-pid, SIGKILL)
        wait()
    }

    /// Its exit status, or 256 and the signal that ended it; nil while it runs.
    func poll() -> CInt? { look(WNOHANG) }

    /// Waits for its end, which must be near: nothing else is done on the loop meanwhile.
    @discardableResult
    func wait() -> CInt? { look(0) }

    private func look(_ options: CInt) -> CInt? {
        var raw: CInt = 0
        if status == nil, waitpid(pid, &raw, options) == pid {
            status = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 256 + raw & 0x7F
        }
        return status
    }

    /// Runs a program to its end, which must be a good one, and gives what it wrote.
    @discardableResult
    static func run(_ words: [String], input: String = "") async throws -> String {
        let scratch = try Scratch()
        let child = try Child(
            words, input: .file(scratch.write(input, to: "input")), output: scratch.file("output"),
            errors: scratch.file("errors"))
        let status = try await eventually("\(words[0]) to end") { child.poll() }
        let errors = String(decoding: scratch.read("errors"), as: UTF8.self)
        try #require(status == 0, "\(words): \(errors)")
        return String(decoding: scratch.read("output"), as: UTF8.self)
    }

    /// The words that start a Python script of the repository, with the packages that the tests have.
    nonisolated static func python(_ script: String, _ arguments: String...) throws -> [String] {
        let python = "\(Repository.root)/.venv/bin/python"
        try #require(access(python, X_OK) == 0, "there is no \(python): scripts/setup test makes it")
        return [python, "-B", "\(Repository.root)/\(script)"] + arguments
    }
}
