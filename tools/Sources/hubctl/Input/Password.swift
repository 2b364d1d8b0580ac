import ArgumentParser
import Glibc

/// How a command comes by a password: asked for on the terminal, or from standard input; never as an argument, which
/// every user of the host could read.
struct PasswordOptions: ParsableArguments {
    @Flag(help: "Read the password from standard input, its first line, instead of asking on the terminal.")
    var passwordStdin = false

    /// The password for `whom`; on the terminal it is asked for twice.
    func password(for whom: String) throws(Problem) -> String {
        guard !passwordStdin else { return try Self.fromStandardInput() }
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else {
            throw .usage("there is no terminal to ask for a password on; use --password-stdin")
        }
        defer { close(terminal) }
        let password = try Self.ask("Password for \(printable(whom)): ", on: terminal)
        guard try Self.ask("The same again: ", on: terminal) == password else {
            throw .usage("the two passwords differ")
        }
        return password
    }

    private static func fromStandardInput() throws(Problem) -> String {
        guard let line = readLine(), !line.isEmpty else {
            throw .usage("there is no password on standard input")
        }
        return line
    }

    /// Asks on `terminal`, which shows nothing of what is typed and is as before afterwards, Ctrl-C included.
    private static func ask(_ prompt: String, on terminal: CInt) throws(Problem) -> String {
        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else {
            throw .usage("there is no terminal to ask for a password on; use --password-stdin")
        }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        tcsetattr(terminal, TCSAFLUSH, &silent)
        put(prompt, on: terminal)
        defer {
            tcsetattr(terminal, TCSAFLUSH, &before)
            put("\n", on: terminal)
        }

        var line = LineEditor()
        while true {
            var byte: UInt8 = 0
            let count = read(terminal, &byte, 1)
            if count < 0, errno == EINTR { continue }
            switch count == 1 ? line.type(byte) : .givenUp {
            case .more: continue
            case .done(""): throw .usage("the password is empty")
            case .done(let password): return password
            case .givenUp: throw .usage("given up")
            case .unreadable: throw .usage("the password is no UTF-8")
            }
        }
    }

    private static func put(_ text: String, on terminal: CInt) {
        _ = Array(text.utf8).withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
    }
}
