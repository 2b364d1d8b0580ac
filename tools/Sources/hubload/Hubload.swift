import ArgumentParser
import Glibc
import Wire

/// The load tester: how much a host's services take, how they answer meanwhile, and what happens beyond that.
@main
struct Hubload: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hubload",
        abstract: "Loads the ClientHub 2FA services, and measures how they answer.",
        discussion: """
            A visit is what one person does: a single call, or in `chain` a log-in with its code and some pages. \
            With --rate visits begin at fixed moments whatever becomes of those before, and their latency counts from \
            those moments; with --callers so many callers make one visit after the other.

            Exit status: 0 all is well; 1 an objective was missed; 2 the load could not be made; 64 the command line \
            is wrong.
            """,
        subcommands: [
            AuthCommand.self, OTPCommand.self, SMSCommand.self, ChainCommand.self, WebCommand.self,
            GrowthCommand.self, GenerateCommand.self,
        ])

    static func main() async {
        // A service that ends while it is written to is a failed call, not the end of this process.
        signal(SIGPIPE, SIG_IGN)
        let watching = Interruption.watch()
        defer { withExtendedLifetime(watching) {} }
        do {
            defer { Interruption.waitIfOver() }
            var command = try parseAsRoot()
            if var later = command as? any AsyncParsableCommand {
                try await later.run()
            } else {
                try command.run()
            }
        } catch let problem as Problem {
            fail(problem.line, problem.exit)
        } catch let refusal as Refusal {
            fail("\(refusal)", .failed)
        } catch {
            exit(withError: error)
        }
    }

    /// Prints `line` on standard error and ends the process.
    private static func fail(_ line: String, _ exit: Problem.Exit) -> Never {
        Terminal.say("hubload: \(line)")
        Glibc.exit(exit.rawValue)
    }
}

/// Why a command did not do what it was asked, as one line.
struct Problem: Error, Equatable {
    let line: String
    let exit: Exit

    /// What the process ends with.
    enum Exit: Int32 {
        /// An objective was missed.
        case missed = 1
        /// The load could not be made: a service does not start or answer, a file cannot be written.
        case failed = 2
        /// The command line is wrong: `EX_USAGE`.
        case usage = 64
    }

    static func missed(_ line: String) -> Problem { Problem(line: line, exit: .missed) }
    static func failed(_ line: String) -> Problem { Problem(line: line, exit: .failed) }
    static func usage(_ line: String) -> Problem { Problem(line: line, exit: .usage) }
}
