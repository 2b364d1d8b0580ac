import Glibc
import Testing
import Wire

@testable import ServiceKit

/// Both ends of a pipe, closed with the test.
private final class Pipe {
    let reading: Int32
    let writing: Int32

    init() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        (reading, writing) = (ends[0], ends[1])
        try #require(fcntl(reading, F_SETFL, O_NONBLOCK) == 0)
    }

    deinit {
        close(reading)
        close(writing)
    }

    /// Everything that was written so far.
    func text() -> String {
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(reading, &buffer, buffer.count), count > 0 { text += buffer[..<count] }
        return String(decoding: text, as: UTF8.self)
    }
}

@Suite("Log") struct LogTests {
    private static let moment = Timestamp(milliseconds: 1_795_512_600_000)
    private static let id = ID(high: 0x0199_0000_0000_7000, low: 0x8000_0000_0000_0001)

    private func line(_ fields: Log.Fields) -> String {
        Log.line(.info, "auth", "m", fields, at: Self.moment, forJournal: true)
    }

    @Test("writes a line for a person, or one for the journal")
    func forms() {
        let fields: Log.Fields = ["socket": "/run/a.sock", "calls": 3]
        #expect(
            Log.line(.info, "auth", "started", fields, at: Self.moment, forJournal: false)
                == "2026-11-24T09:30:00.000Z info auth started socket=/run/a.sock calls=3\n")
        #expect(
            Log.line(.warning, "auth", "started", fields, at: Self.moment, forJournal: true)
                == "<4>auth started socket=/run/a.sock calls=3\n")
    }

    @Test("gives each level syslog's number", arguments: zip(LogLevel.allCases, [7, 6, 5, 4, 3, 2]))
    func priorities(level: LogLevel, priority: Int) {
        #expect(Log.line(level, "a", "m", [:], at: Self.moment, forJournal: true) == "<\(priority)>a m\n")
    }

    @Test(
        "writes each kind of value",
        arguments: [
            (Log.Value.number(-5), "-5"),
            (.number(UInt64.max), "18446744073709551615"),
            (.flag(true), "true"),
            (true, "true"),
            (7, "7"),
            ("a literal", #""a literal""#),
            (.id(id), "01990000-0000-7000-8000-000000000001"),
            (.time(moment), "2026-11-24T09:30:00.000Z"),
            (.status(.notFound), "notFound"),
            (.duration(.microseconds(1_250)), "1.250ms"),
            (.duration(.nanoseconds(4_999)), "0.004ms"),
            (.duration(.seconds(3)), "3000.000ms"),
            (.duration(.milliseconds(-1)), "-1.000ms"),
            (.phone("+1 (415) 555-2671"), "**71"),
            (.phone("+14155552671"), "**71"),
            (.phone("671"), "**"),
            (.phone(""), "**"),
            (.error(SettingError(file: "a", key: "b", problem: "c")), #""a: b: c""#),
        ])
    func values(value: Log.Value, expected: String) {
        #expect(line(["k": value]) == "<6>auth m k=\(expected)\n")
    }

    @Test(
        "quotes and escapes what could be taken for something else",
        arguments: [
            ("", #""""#),
            ("plain-/:.text", "plain-/:.text"),
            ("two words", #""two words""#),
            ("a=b", #""a=b""#),
            (#"say "hi""#, #""say \"hi\"""#),
            (#"C:\temp"#, #""C:\\temp""#),
            ("x\n<2>auth forged", #""x\n<2>auth forged""#),
            ("x\r\ny\tz", #""x\r\ny\tz""#),
            ("\u{0}\u{1B}[31m\u{7F}", #""\u{0}\u{1b}[31m\u{7f}""#),
            ("\u{85}\u{2028}\u{202E}\u{2066}\u{FEFF}", #""\u{85}\u{2028}\u{202e}\u{2066}\u{feff}""#),
            ("Zoë", #""Zoë""#),
            (String(repeating: "x", count: 1_000), String(repeating: "x", count: 1_000)),
            (String(repeating: "x", count: 1_001), "\"" + String(repeating: "x", count: 1_000) + "…\""),
        ])
    func escapes(text: String, expected: String) {
        #expect(line(["k": .text(text)]) == "<6>auth m k=\(expected)\n")
    }

    @Test("lets no text break out of its field", arguments: 0..<200)
    func injection(seed: Int) {
        var random = SystemRandomNumberGenerator()
        let text = String(
            String.UnicodeScalarView(
                (0..<20).compactMap { _ in
                    Unicode.Scalar(
                        UInt32.random(in: 0..<(seed.isMultiple(of: 2) ? 0x100 : 0x3000), using: &random))
                }))
        let line = line(["k": .text(text), "end": 1])
        #expect(line.unicodeScalars.count { $0.properties.generalCategory == .control } == 1)
        #expect(line.hasSuffix(" end=1\n"))
        #expect(line.split(separator: "\n").count == 1)
    }

    @Test("writes what its level allows, and the level can be changed for all copies")
    func levels() throws {
        let pipe = try Pipe()
        let log = Log("sms", to: Output(descriptor: pipe.writing, level: .warning, isJournal: true))
        let copy = log
        func all() -> String {
            copy.debug("d")
            copy.info("i")
            copy.notice("n")
            copy.warning("w")
            copy.error("e", ["n": 1])
            copy.critical("c")
            return pipe.text()
        }
        #expect(all() == "<4>sms w\n<3>sms e n=1\n<2>sms c\n")
        log.level = .critical
        #expect(all() == "<2>sms c\n")
        log.level = .debug
        #expect(all() == "<7>sms d\n<6>sms i\n<5>sms n\n<4>sms w\n<3>sms e n=1\n<2>sms c\n")
        #expect(copy.level == .debug)
    }

    @Test("does not make the fields of a line that is not written")
    func lazy() throws {
        let pipe = try Pipe()
        let log = Log("sms", to: Output(descriptor: pipe.writing, level: .info, isJournal: true))
        var made = 0
        func field() -> Log.Value {
            made += 1
            return .number(made)
        }
        log.debug("d", ["k": field()])
        #expect(made == 0)
        log.info("i", ["k": field()])
        #expect(pipe.text() == "<6>sms i k=1\n")
    }

    @Test("keeps the lines of many threads whole", .timeLimit(.minutes(1)))
    func threads() async throws {
        let pipe = try Pipe()
        let log = Log("sms", to: Output(descriptor: pipe.writing, level: .info, isJournal: true))
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    for line in 0..<100 { log.info("line", ["task": .number(task), "line": .number(line)]) }
                }
            }
        }
        let lines = Set(pipe.text().split(separator: "\n").map(String.init))
        let expected = (0..<8).flatMap { task in (0..<100).map { "<6>sms line task=\(task) line=\($0)" } }
        #expect(lines == Set(expected))
    }

    @Test("goes on when nobody reads the log any more")
    func closed() {
        let log = Log("sms", to: Output(descriptor: 1_000_000, level: .info, isJournal: true))
        log.info("lost")
    }

    @Test("knows the journal by its device and inode")
    func journal() throws {
        let pipe = try Pipe()
        var information = stat()
        try #require(fstat(pipe.writing, &information) == 0)
        let stream = "\(information.st_dev):\(information.st_ino)"
        #expect(Output.isJournal(pipe.writing, stream: stream))
        #expect(!Output.isJournal(pipe.writing, stream: "1:\(information.st_ino)"))
        #expect(!Output.isJournal(pipe.writing, stream: nil))
        #expect(!Output.isJournal(-1, stream: stream))
    }
}
