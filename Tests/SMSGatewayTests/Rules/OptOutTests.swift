import Testing

@testable import SMSGateway

@Suite("Opt-out") struct OptOutTests {
    @Test(
        "is read from the whole message, in any case, whatever stands around its letters",
        arguments: [
            ("STOP", OptOut.stop), ("stop", .stop), (" Stop. ", .stop), ("\"STOP\"", .stop),
            ("S T O P", .stop),
            ("STOPALL", .stop), ("Stop all!", .stop), ("unsubscribe", .stop), ("CANCEL", .stop),
            ("End", .stop),
            ("quit\n", .stop), ("Revoke", .stop), ("OPT OUT", .stop), ("opt-out", .stop), ("Optout.", .stop),
            ("START", .start), ("start!", .start), ("UnStop", .start),
        ])
    func words(text: String, word: OptOut) {
        #expect(OptOut(text) == word)
    }

    @Test(
        "is not read from anything else",
        arguments: [
            "", " ", "…", "HELP", "INFO", "YES", "STOP IT", "please stop", "STOP 1", "1", "stopp", "S",
            "START STOP",
            "don't stop", "the end", "ＳＴＯＰ", "STÖP", String(repeating: "STOP ", count: 3),
        ])
    func others(text: String) {
        #expect(OptOut(text) == nil)
    }
}
