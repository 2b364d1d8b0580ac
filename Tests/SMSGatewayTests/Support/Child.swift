import Glibc

@testable import Wire

/// A program that a test started, in a process group of its own. It is killed, with the processes that it started, when
/// nobody holds it any more; it alone when the test's own process ends.
///
/// All are started on the loop: that a process dies with its parent is, in Linux, bound to the thread that started it,
/// and the loop's lasts.
@Loop
final class Child {
    let pid: pid_t
    private var hasEnded = false

    /// Starts a program with its arguments, its output and its errors appended to a file.
    init(_ words: [String], output: String) throws(SystemError) {
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        let append = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, output, append, 0o600)
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, output, append, 0o600)

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
        guard !hasEnded else { return }
        hasEnded = true
        Glibc.kill(-pid, SIGKILL)
        waitpid(pid, nil, 0)
    }
}
