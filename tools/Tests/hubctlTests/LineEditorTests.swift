import Testing

@testable import hubctl

@Suite("Line editor")
struct LineEditorTests {
    /// What comes of typing `keys`, up to the first that ends the line.
    private func typing(_ keys: String) -> LineEditor.Outcome { typing(Array(keys.utf8)) }

    private func typing(_ keys: [UInt8]) -> LineEditor.Outcome {
        var line = LineEditor()
        for key in keys {
            let outcome = line.type(key)
            if outcome != .more { return outcome }
        }
        return .more
    }

    @Test(
        "gives the line that was meant",
        arguments: [
            ("secret\n", "secret"), ("secret\r", "secret"), ("\n", ""), ("secrex\u{7F}t\n", "secret"),
            ("secrex\u{8}t\n", "secret"), ("pässword\n", "pässword"), ("pä\u{7F}a\n", "pa"),
            ("€\u{7F}\u{7F}\u{7F}x\n", "x"),
            ("wrong\u{15}right\n", "right"), (" two words \n", " two words "), ("a\u{4}b\n", "ab"),
        ])
    func lines(keys: String, line: String) {
        #expect(typing(keys) == .done(line))
    }

    @Test("goes on until the line ends")
    func unfinished() {
        #expect(typing("secret") == .more)
    }

    @Test(
        "gives up at Ctrl-C, and at Ctrl-D where nothing is typed",
        arguments: ["\u{3}", "abc\u{3}", "\u{4}", "a\u{15}\u{4}"])
    func givesUp(keys: String) {
        #expect(typing(keys) == .givenUp)
    }

    @Test("refuses what is no UTF-8")
    func notText() {
        #expect(typing([0xFF, 0x0A]) == .unreadable)
    }
}
