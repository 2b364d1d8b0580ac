import ArgumentParser
import Testing
import Wire

@testable import hubctl

@Suite("Command line")
struct CommandLineTests {
    @Test("finds the sockets where the option says, then the environment, then an installed system")
    func directory() throws {
        let plain = try GlobalOptions.parse([])
        #expect(plain.directory(environment: nil) == "/run/clienthub")
        #expect(plain.directory(environment: "") == "/run/clienthub")
        #expect(plain.directory(environment: "/tmp/hub") == "/tmp/hub")
        let given = try GlobalOptions.parse(["--run-dir", "/srv"])
        #expect(given.directory(environment: "/tmp/hub") == "/srv")
    }

    @Test(
        "takes a service's name or a path",
        arguments: [
            ("auth", "/run/auth.sock"), ("sms", "/run/sms.sock"), ("/tmp/x", "/tmp/x"), ("./x", "./x"),
            ("x.sock", "x.sock"),
        ])
    func sockets(argument: String, path: String) throws {
        #expect(try #require(Socket(argument: argument)).path(in: "/run") == path)
    }

    @Test("asks all three services for their health unless some are named")
    func health() throws {
        let all = try #require(Hubctl.parseAsRoot(["health"]) as? HealthCommand)
        #expect(all.sockets.map(\.argument) == ["auth", "otp", "sms"])
        let some = try #require(Hubctl.parseAsRoot(["health", "sms", "/x", "--wait", "3"]) as? HealthCommand)
        #expect(some.sockets.map(\.argument) == ["sms", "/x"])
        #expect(some.wait == 3)
    }

    @Test("reads what a firm is made of")
    func firm() throws {
        let words = [
            "firm", "create", "demo", "Demo Tax", "--owner-name", "Olivia", "--owner-email", "o@demo.example",
            "--json",
        ]
        let command = try #require(Hubctl.parseAsRoot(words) as? FirmCommand.Create)
        #expect(command.slug == "demo")
        #expect(command.name == "Demo Tax")
        #expect(command.ownerName == "Olivia")
        #expect(command.ownerEmail == "o@demo.example")
        #expect(command.options.json)
        #expect(!command.password.passwordStdin)
    }

    @Test("reads ids, times and states")
    func values() throws {
        let retry = try #require(
            Hubctl.parseAsRoot(["sms", "retry", "019aa000-0000-7000-8000-000000000001"]) as? SMSRetryCommand)
        #expect(retry.message.description == "019aa000-0000-7000-8000-000000000001")
        let block = try #require(
            Hubctl.parseAsRoot(["sms", "block", "+1415", "--until", "2026-12-31T00:00:00Z"])
                as? SMSBlockCommand)
        #expect(block.until == Timestamp("2026-12-31T00:00:00Z"))
        let list = try #require(Hubctl.parseAsRoot(["sms", "list", "--state", "failed"]) as? SMSListCommand)
        #expect(list.state == .failed)
    }

    @Test(
        "ends with 64 where it makes no sense",
        arguments: [
            ["nonsense"], ["why", "demo"], ["call", "auth"], ["sms", "retry", "7"],
            ["sms", "list", "--state", "lost"],
            ["sms", "list", "--limit", "0"], ["sms", "trace"], ["sms", "trace", "7"],
            ["sms", "top", "--hours", "25"],
            ["sms", "test", "main"], ["sms", "test", "main", "+1", "--wait", "601"],
            ["health", "--wait", "-1"],
            ["call", "auth", "wire.Health", "--timeout", "0"],
            ["owner", "override", "demo"], ["sms", "block", "+1415", "--until", "tomorrow"],
            ["firm", "create", "demo", "Demo", "--owner-name", "Olivia"],
        ])
    func usage(words: [String]) {
        let error = #expect(throws: (any Error).self) { try Hubctl.parseAsRoot(words) }
        #expect(error.map { Hubctl.exitCode(for: $0).rawValue } == 64)
    }

    @Test("has a help text for the whole")
    func help() {
        #expect(
            Hubctl.helpMessage(columns: 100) == """
                OVERVIEW: Administers the ClientHub 2FA services of this host.

                The services let administrators in by their user: root, the service's own user and those that the
                service's configuration names under "admins".

                Exit status: 0 all is well; 1 the answer is bad news (a service that does not serve, an audit log
                that does not fit); 2 the call was refused or no service answered; 64 the command line is wrong.

                USAGE: hubctl <subcommand>

                OPTIONS:
                  --version               Show the version.
                  -h, --help              Show help information.

                SUBCOMMANDS:
                  init                    Makes what a new host lacks: keys, the first firm and its owner; then
                                          looks it over.
                  doctor                  Looks the host over, and says what to do about what is wrong; exit status
                                          1 where something is.
                  health                  Tells whether the services do their work; exit status 1 where one does
                                          not.
                  why                     Tells what the gate decides for a person at the next log-in, by which
                                          rule, on what facts.
                  firm                    Creates and lists firms.
                  client                  Creates clients.
                  owner                   Helps a firm's owner.
                  audit                   Checks the audit logs, and exports them.
                  sms                     Shows and steers the queue of text messages.
                  backup                  Copies all three databases, as they are at one moment, while the services
                                          work.
                  restore                 Puts a backup's databases in place of those of this host; the services
                                          must be stopped.
                  key                     Makes and changes the keys that secrets are sealed with.
                  describe                Lists the methods of a service, or the fields and reasons of one of them.
                  call                    Calls a method with a body in JSON, and prints the body of the answer.

                  See 'hubctl help <subcommand>' for detailed help.
                """)
    }

    @Test("has a help text for each command, with the options that all have")
    func helpOfOne() {
        #expect(
            Hubctl.helpMessage(for: WhyCommand.self, columns: 100) == """
                OVERVIEW: Tells what the gate decides for a person at the next log-in, by which rule, on what facts.

                USAGE: hubctl why <firm> <email> [--run-dir <dir>] [--json]

                ARGUMENTS:
                  <firm>                  The firm's slug.
                  <email>                 The e-mail address of the person's log-in.

                OPTIONS:
                  --run-dir <dir>         Where the services' sockets are. (default: $CLIENTHUB_RUN_DIR, else
                                          /run/clienthub)
                  --json                  Print JSON, for scripts.
                  --version               Show the version.
                  -h, --help              Show help information.

                """)
    }
}
