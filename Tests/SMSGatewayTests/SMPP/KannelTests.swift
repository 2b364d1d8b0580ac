import Pages
import Testing
import Wire

@testable import SMSGateway

@Suite("Beside Kannel, whose client others wrote", .timeLimit(.minutes(5))) struct KannelTests {
    @Test("submits a message with the same fields to the same SMSC", arguments: SMSC.Kind.allCases)
    @Loop func fields(kind: SMSC.Kind) async throws {
        let text = "Code: 123456. Expires in 5 min.\n\n@a.example #123456"
        let smsc = try await SMSC(kind)
        let kannel = try Child(
            ["python3", "\(Repository.root)/Tests/SMPPServers/kannel-client", smsc.scratch.path]
                + ["\(smsc.port)", "14155551006", text],
            output: smsc.scratch.file("kannel"))
        let carrier = try Carrier(port: smsc.port)
        try await carrier.until { try smsc.submitted.count == 1 }
        #expect(await carrier.send("1006", text: text).providerID != nil)
        let (theirs, ours) = (try #require(try smsc.submitted.first), try #require(try smsc.submitted.last))

        // Five minutes both: theirs until a time of day, ours as a span, which needs no clock that agrees.
        #expect(theirs.validity_period.count == 16 && theirs.validity_period.hasSuffix("+"))
        #expect(ours.validity_period == "000000000500000R")
        // Theirs asks for "store and forward", ours leaves the mode to the SMSC.
        #expect((theirs.esm_class, ours.esm_class) == (3, 0))
        // Theirs has no handle.
        #expect(theirs.options.isEmpty && ours.options.keys.elementsEqual(["516"]))
        var rest = ours
        (rest.validity_period, rest.esm_class) = (theirs.validity_period, theirs.esm_class)
        rest.options = theirs.options
        #expect(rest == theirs)
        let binds = try smsc.events("bind")
        #expect(binds.map(\.command) == [9, 9] && binds.map(\.version) == [0x34, 0x34])
        kannel.kill()
    }
}
