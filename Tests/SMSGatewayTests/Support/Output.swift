import Glibc
import Testing

/// What a program writes to its standard output; a test that asks for it fails where the program does.
func output(of program: String, _ arguments: [String]) throws -> String {
    let scratch = try Scratch()
    let file = scratch.file("output")
    var process = pid_t()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, file, O_WRONLY | O_CREAT, 0o600)
    var words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    try #require(
        posix_spawn(&process, program, &actions, nil, &words, environ) == 0,
        "\(program) does not start; scripts/setup test installs what is missing")
    var status: CInt = 0
    try #require(waitpid(process, &status, 0) == process)
    try #require(status == 0, "\(program) \(arguments) ended with \(status)")
    return String(decoding: contents(of: file), as: UTF8.self)
}
