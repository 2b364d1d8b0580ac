import Glibc
import Testing
import Wire

@testable import ServiceKit

@Suite("Command line") struct CommandTests {
    @Test(
        "reads",
        arguments: [
            (["--config", "a.json"], Command.run(file: "a.json")),
            (["--config=a.json"], .run(file: "a.json")),
            (["--config", "a.json", "--check"], .check(file: "a.json")),
            (["--check", "--config=a=b"], .check(file: "a=b")),
            (["--config", "--check"], .run(file: "--check")),
            (["--version"], .version),
            (["--help"], .help),
            (["-h"], .help),
            (["--version", "--help"], .help),
            (["--config", "a.json", "--version"], .version),
        ])
    func reads(words: [String], expected: Command) throws {
        #expect(try Command(words) == expected)
    }

    @Test(
        "says what is wrong",
        arguments: [
            ([], "--config FILE is missing (see --help)"),
            (["--check"], "--config FILE is missing (see --help)"),
            (["--config"], "--config needs a file (see --help)"),
            (["--config", ""], "--config needs a file (see --help)"),
            (["--config="], "--config needs a file (see --help)"),
            (["--config", "a", "--config=b"], "--config is given twice (see --help)"),
            (["--config=a", "--config", "b"], "--config is given twice (see --help)"),
            (["--check", "--check", "--config=a"], "--check is given twice (see --help)"),
            (["a.json"], #""a.json" is not an option (see --help)"#),
            (["--Config", "a"], #""--Config" is not an option (see --help)"#),
            (["--help", "\n"], #""\n" is not an option (see --help)"#),
        ])
    func refuses(words: [String], expected: String) {
        #expect(throws: UsageError(String(expected.dropLast(" (see --help)".count)))) { try Command(words) }
    }
}

@Suite("Launch") struct LaunchTests {
    /// Launches a service with one setting, in a process that the test has made for it.
    static func launch(_ words: String...) -> Launch<Int> {
        unsetenv("JOURNAL_STREAM")
        return Launch(
            Program(name: "TestService", summary: "Does nothing."),
            arguments: ["/usr/bin/TestService"] + words
        ) { settings throws(SettingError) in try settings.int("a", in: 1...9, meaning: "A.") }
    }

    private func output(_ result: ExitTest.Result?) -> String {
        String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
    }
    private func errors(_ result: ExitTest.Result?) -> String {
        String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }

    @Test("reads the configuration, and reads it again")
    func runs() throws {
        let scratch = try Scratch()
        let launch = LaunchTests.launch("--config", try scratch.file("a.json", "{a: 1}"))
        #expect(launch.configuration == 1)
        #expect(launch.file == scratch.path + "/a.json")
        _ = try scratch.file("a.json", "{a: 2}")
        #expect(try launch.reload() == 2)
        _ = try scratch.file("a.json", "{a: 20}")
        #expect(throws: SettingError.self) { try launch.reload() }
        #expect(launch.configuration == 1)
    }

    @Test("prints its version and help", .timeLimit(.minutes(1)))
    func information() async throws {
        let version = await #expect(
            processExitsWith: .exitCode(0), observing: [\.standardOutputContent, \.standardErrorContent]
        ) { _ = LaunchTests.launch("--version") }
        #expect(output(version).hasSuffix("TestService \(Version.current)\n"))
        let help = await #expect(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
            _ = LaunchTests.launch("--help")
        }
        let page = output(help)
        for part in [
            "TestService: Does nothing.\n", "--config FILE", "--check", "--version", "78 wrong configuration",
        ] {
            #expect(page.contains(part))
        }
    }

    @Test("checks a good configuration with 0", .timeLimit(.minutes(1)))
    func good() async throws {
        let scratch = try Scratch()
        let file = try scratch.file("a.json", "{a: 1}")
        let result = await #expect(processExitsWith: .exitCode(0), observing: [\.standardOutputContent]) {
            [file = file as String] in
            _ = LaunchTests.launch("--config", file, "--check")
        }
        #expect(output(result).hasSuffix("configuration is good\n"))
    }

    @Test("answers a bad configuration with its line and 78, checking or not", .timeLimit(.minutes(1)))
    func bad() async throws {
        let scratch = try Scratch()
        let file = try scratch.file("a.json", "{a: '1'}")
        let wanted = "\(file): a: expected a whole number from 1 to 9, found \"1\"\n"
        let checked = await #expect(
            processExitsWith: .exitCode(78), observing: [\.standardErrorContent, \.standardOutputContent]
        ) { [file = file as String] in _ = LaunchTests.launch("--config", file, "--check") }
        #expect(errors(checked).hasSuffix(wanted))
        #expect(!output(checked).contains("good"))
        let run = await #expect(processExitsWith: .exitCode(78), observing: [\.standardErrorContent]) {
            [file = file as String] in
            _ = LaunchTests.launch("--config", file)
        }
        #expect(errors(run).hasSuffix(wanted))
    }

    @Test("answers wrong usage with 64", .timeLimit(.minutes(1)))
    func usage() async {
        let result = await #expect(processExitsWith: .exitCode(64), observing: [\.standardErrorContent]) {
            _ = LaunchTests.launch("--verbose")
        }
        #expect(
            errors(result).hasSuffix(
                "TestService: \"--verbose\" is not an option (see --help)\n"))
    }

    @Test("ends with the number that an error brings, else with 70, in one line", .timeLimit(.minutes(1)))
    func failing() async {
        await #expect(processExitsWith: .exitCode(71)) { fail(ActivationError("no socket")) }
        struct Fault: Error, CustomStringConvertible { let description = "two\nlines" }
        let result = await #expect(processExitsWith: .exitCode(70), observing: [\.standardErrorContent]) {
            unsetenv("JOURNAL_STREAM")
            fail(Fault())
        }
        #expect(errors(result).hasSuffix("two\\nlines\n"))
    }
}
