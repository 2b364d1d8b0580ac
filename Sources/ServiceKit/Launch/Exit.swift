import Glibc

/// What a process ends with: the numbers of `sysexits.h`, which systemd names in its log.
public enum Exit: Int32, Sendable {
    case ok = 0
    /// The command line is wrong.
    case usage = 64
    /// A service or resource that is needed is out of reach.
    case unavailable = 69
    /// A fault of the program.
    case software = 70
    /// The system refused something that must work.
    case osError = 71
    /// An output file, such as the socket, cannot be made.
    case cannotCreate = 73
    /// The configuration is wrong. The units tell systemd not to restart after this one.
    case config = 78
}

/// An error that ends the start-up, with the number to exit with. Its description is one line for the operator.
public protocol Fatal: Error, CustomStringConvertible {
    var exit: Exit { get }
}

/// Prints `message` as one line on standard error and ends the process.
public func fail(_ message: String, _ exit: Exit = .software) -> Never {
    let mark = Output.isJournal(STDERR_FILENO) ? "<3>" : ""
    Output.write(mark + escapingControls(message) + "\n", to: STDERR_FILENO)
    Glibc.exit(exit.rawValue)
}

/// Prints `error` as one line on standard error and ends the process: with the number of a ``Fatal`` error, else 70.
public func fail(_ error: any Error) -> Never {
    fail("\(error)", (error as? any Fatal)?.exit ?? .software)
}
