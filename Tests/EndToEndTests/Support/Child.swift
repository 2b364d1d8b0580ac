import Glibc

@testable import Wire

/// A process that a test started. It is killed when nobody holds it any more, and when the test's own process ends.
///
/// All are started on the loop: that a process dies with its parent is, in Linux, bound to the thread that started it,
/// and the loop's lasts.
@Loop
final class Child {
    enum End: Equatable { case exit(CInt), signal(CInt) }

    let pid: pid_t
    private(set) var end: End?

    /// Starts a program with its arguments, found by `PATH`, its output and its errors appended to files. `listener` is a
    /// listening socket, handed over as systemd does it (sd_listen_fds(3)).
    init(
        _ words: [String], output: String = "/dev/null", errors: String, listener: CInt? = nil
    ) throws(SystemError) {
        var words = ["setpriv", "--pdeathsig", "KILL", "--"] + words
        // The number of the process is only known in it.
        if listener != nil { words = ["sh", "-c", "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\"", "sh"] + words }

        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        let append = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output, append, 0o600)
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, errors, append, 0o600)
        if let listener { posix_spawn_file_actions_adddup2(&files, listener, 3) }

        // What the test's process blocks or ignores is its own affair.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var pid = pid_t()
        let error = posix_spawnp(&pid, words[0], &files, &attributes, &arguments, environ)
        guard error == 0 else { throw SystemError("spawn \(words)", code: error) }
        self.pid = pid
    }

    deinit {
        guard end == nil else { return }
        Glibc.kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }

    func signal(_ number: CInt) {
        if end == nil { Glibc.kill(pid, number) }
    }

    /// How the process ended, nil while it runs.
    func poll() -> End? {
        var status: CInt = 0
        if end == nil, waitpid(pid, &status, WNOHANG) == pid {
            end = status & 0x7F == 0 ? .exit(status >> 8 & 0xFF) : .signal(status & 0x7F)
        }
        return end
    }

    /// Waits for the process to end.
    func wait() async throws -> End {
        try await eventually("process \(pid) to end") { poll() }
    }
}

/// What a program that ran to its end left.
struct Outcome {
    let end: Child.End
    let output: String
    let errors: String
}

/// Runs a program to its end.
@Loop
func run(_ words: String...) async throws -> Outcome { try await run(words) }

@Loop
func run(_ words: [String]) async throws -> Outcome {
    let scratch = try Scratch()
    let child = try Child(words, output: scratch.at("output"), errors: scratch.at("errors"))
    let end = try await child.wait()
    return Outcome(end: end, output: scratch.text("output"), errors: scratch.text("errors"))
}
