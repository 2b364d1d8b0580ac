import Glibc
import Testing
import Wire

@testable import SMSGateway

@Suite("Outbox", .timeLimit(.minutes(5))) struct OutboxTests {
    let scratch: Scratch
    let message = OutboundMessage(
        id: ID(), to: "+14155552671",
        text: "Smith \"&\" Co. \\ code: 123456.\n\n@app.example.com #123456\u{1}",
        expires: Timestamp(milliseconds: 1_800_000_300_000))

    @Loop init() throws { scratch = try Scratch() }

    @Loop func outbox(_ directory: String = "out") -> Outbox {
        Outbox(
            name: "a", directory: scratch.file(directory), now: { Timestamp(milliseconds: 1_800_000_000_000) }
        )
    }

    @Test(
        "writes a message as one JSON file, named after it, for nobody else to read, and leaves nothing beside it"
    )
    @Loop func writes() async throws {
        #expect(await outbox().send(message) == .sent(providerID: nil))
        #expect(scratch.names(in: "out") == ["\(message.id).json"])
        #expect(
            String(decoding: scratch.read("out/\(message.id).json"), as: UTF8.self) == """
                {"message": "\(message.id)", "to": "+14155552671", \
                "text": "Smith \\"&\\" Co. \\\\ code: 123456.\\n\\n@app.example.com #123456\\u0001", \
                "at": "2027-01-15T08:00:00.000Z"}

                """)
        var information = stat()
        #expect(stat(scratch.file("out/\(message.id).json"), &information) == 0)
        #expect(information.st_mode & 0o777 == 0o600)
    }

    @Test("writes one file for a message that is sent again")
    @Loop func again() async throws {
        for _ in 0..<3 { #expect(await outbox().send(message) == .sent(providerID: nil)) }
        #expect(scratch.names(in: "out").count == 1)
    }

    @Test("makes its directory, also where many messages go out at once")
    @Loop func firstOnes() async throws {
        for round in 0..<20 {
            let outbox = outbox("out\(round)")
            let expires = message.expires
            let sends = (0..<8).map { _ in
                Task {
                    await outbox.send(
                        OutboundMessage(id: ID(), to: "+14155552671", text: "a", expires: expires))
                }
            }
            for send in sends { #expect(await send.value == .sent(providerID: nil)) }
        }
    }

    @Test("is not led elsewhere by a link that stands in its way")
    @Loop func link() async throws {
        mkdir(scratch.file("out"), 0o700)
        symlink(scratch.file("elsewhere"), scratch.file("out/.\(message.id).json.new"))
        guard case .configuration = await outbox().send(message) else {
            Issue.record("it was written")
            return
        }
        #expect(scratch.read("elsewhere").isEmpty)
    }

    @Test("says that it must be set right where it cannot write, in words without the message")
    @Loop func cannotWrite() async throws {
        _ = try scratch.write("", to: "file")
        for directory in ["file", "file/below", "none/below"] {
            guard case .configuration(let reason) = await outbox(directory).send(message) else {
                Issue.record("\(directory) was written to")
                continue
            }
            #expect(reason.contains(directory))
            #expect(!reason.contains("123456"))
        }
    }

    @Test("says that it was not sent where the disk is full, so that it is tried again")
    @Loop func diskFull() async throws {
        // Every write to this device fails with ENOSPC.
        mkdir(scratch.file("out"), 0o700)
        let temporary = scratch.file("out/.\(message.id).json.new")
        guard mknod(temporary, S_IFCHR | 0o600, makedev(1, 7)) == 0 else { return }
        guard case .retry(after: nil, let reason) = await outbox().send(message) else {
            Issue.record("it was not refused")
            return
        }
        #expect(reason.contains("No space left on device"))
        #expect(scratch.names(in: "out") == [])
    }

    @Test("removes what a crash left half-written, and nothing else")
    @Loop func tidies() async throws {
        _ = await outbox().send(message)
        for name in ["out/.x.json.new", "out/.y.json.new", "out/z.json.new", "out/.json"] {
            _ = try scratch.write("123456", to: name)
        }
        outbox().tidy()
        #expect(scratch.names(in: "out") == [".json", "\(message.id).json", "z.json.new"])
        outbox("none").tidy()
    }

    @Test("is what the configuration makes, and messages go into it")
    @Loop func configured() async throws {
        let bench = try Bench([])
        let id = try await bench.submit()
        try await bench.deliver()
        #expect(try bench.state(id) == .sent)
        #expect(bench.scratch.names(in: "outbox") == ["\(id).json"])
    }
}

/// The device number of a character device, as <sys/sysmacros.h> makes it; its macro does not reach Swift.
private func makedev(_ major: UInt, _ minor: UInt) -> dev_t { dev_t(major << 8 | minor) }
