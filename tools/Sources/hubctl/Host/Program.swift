import Glibc

/// A program of the system that does a part of the work, such as systemctl.
enum Program {
    struct Outcome {
        /// The exit status; 128 and more where a signal ended it.
        let status: Int32
        let output: [UInt8]
        let errors: String
    }

    /// Runs a program, found by PATH, to its end, with `input` on its standard input.
    ///
    /// - Throws: where it cannot be started.
    static func run(_ words: [String], input: [UInt8] = []) throws(Problem) -> Outcome {
        // Files of no name hold what goes in and out, so that nobody waits for anybody.
        let files = try [scratch(), scratch(), scratch()]
        defer { for file in files { close(file) } }
        guard input.isEmpty || pwrite(files[0], input, input.count, 0) == input.count else {
            throw systemProblem("be written", words[0])
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, file) in files.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, file, CInt(number))
        }
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let error = posix_spawnp(&process, words[0], &actions, nil, &arguments, environ)
        guard error == 0 else { throw systemProblem("be started", words[0], error) }
        var status: CInt = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return Outcome(
            status: status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F,
            output: contents(files[1]), errors: String(decoding: contents(files[2]), as: UTF8.self))
    }

    /// Runs it, and gives what it printed.
    ///
    /// - Throws: also where it ends with another status than 0, with what it said.
    static func output(_ words: [String], input: [UInt8] = []) throws(Problem) -> [UInt8] {
        let outcome = try run(words, input: input)
        guard outcome.status == 0 else {
            let lines = outcome.errors.split(separator: "\n")
            throw .bad(
                "\(words.prefix(2).joined(separator: " ")): \(lines.last ?? "ended with \(outcome.status)")")
        }
        return outcome.output
    }

    private static func scratch() throws(Problem) -> CInt {
        // In memory: what goes through may be a key.
        var template = Array("/dev/shm/hubctl-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { throw systemProblem("be made", "/dev/shm") }
        unlink(template)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        return file
    }

    private static func contents(_ file: CInt) -> [UInt8] {
        var info = stat()
        guard fstat(file, &info) == 0, info.st_size > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: Int(info.st_size))
        let count = pread(file, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(0, count)))
    }
}

/// systemd, where it runs this host.
enum Systemd {
    static var runs: Bool { access("/run/systemd/system", F_OK) == 0 }

    static func unit(of service: String) -> String { "clienthub-\(service).service" }
}
