import ArgumentParser
import Glibc
import Wire

/// The admin tool of a ClientHub host: what an administrator asks of the three services, over their sockets.
@main
struct Hubctl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hubctl",
        abstract: "Administers the ClientHub 2FA services of this host.",
        discussion: """
            The services let administrators in by their user: root, the service's own user and those that the \
            service's configuration names under "admins".

            Exit status: 0 all is well; 1 the answer is bad news (a service that does not serve, an audit log that \
            does not fit); 2 the call was refused or no service answered; 64 the command line is wrong.
            """,
        version: Version.current,
        subcommands: [
            InitCommand.self, DoctorCommand.self, HealthCommand.self, WhyCommand.self, FirmCommand.self,
            ClientCommand.self, OwnerCommand.self, AuditCommand.self, SMSCommand.self, BackupCommand.self,
            RestoreCommand.self, KeyCommand.self, DescribeCommand.self, CallCommand.self,
        ])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var later = command as? any AsyncParsableCommand {
                try await later.run()
            } else {
                try command.run()
            }
        } catch let refusal as Refusal {
            fail(refusal.line, .refused)
        } catch let problem as Problem {
            fail(problem.line, problem.exit)
        } catch {
            exit(withError: error)
        }
    }

    /// Prints `line` on standard error and ends the process.
    private static func fail(_ line: String, _ exit: Problem.Exit) -> Never {
        printNote("hubctl: \(line)")
        Glibc.exit(exit.rawValue)
    }
}

/// Prints a line on standard error, where it is in the way of no answer.
func printNote(_ line: String) {
    let bytes = Array("\(printable(line))\n".utf8)
    _ = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
