import Testing

@testable import hubctl

@Suite("Table")
struct TableTests {
    @Test("aligns its columns under the headings, and ends no line in a space")
    func aligns() {
        let table = Table(headings: ["NAME", "VERSION"], rows: [["a", "1.0"], ["gateway", "12.0.1"]])
        #expect(
            table.text == """
                NAME     VERSION
                a        1.0
                gateway  12.0.1
                """)
    }

    @Test("lets numbers end at the same place, also in the last column")
    func numbers() {
        let table = Table(
            headings: ["STATE", "COUNT"], numbers: [1], rows: [["queued", "7"], ["sent", "1204"]])
        #expect(
            table.text == """
                STATE   COUNT
                queued      7
                sent     1204
                """)
    }

    @Test("does without headings")
    func noHeadings() {
        #expect(Table(rows: [["id", "7"], ["state", "open"]]).text == "id     7\nstate  open")
    }

    @Test("leaves nothing where the last cells are empty")
    func emptyCells() {
        #expect(
            Table(headings: ["A", "B", ""], rows: [["a", "", ""], ["b", "", "c"]]).text == "A  B\na\nb     c")
    }

    @Test("takes rows of different lengths")
    func ragged() {
        #expect(Table(rows: [["a"], ["bb", "c"], []]).text == "a\nbb  c\n")
    }

    @Test("counts characters, not bytes")
    func characters() {
        #expect(Table(rows: [["Zoë", "x"], ["Anna", "y"]]).text == "Zoë   x\nAnna  y")
    }

    @Test(
        "shows a control character as its number",
        arguments: [
            ("plain", "plain"), ("Zoë Ünal", "Zoë Ünal"), ("a\u{1B}[2Jb", "a\\u{1b}[2Jb"),
            ("a\nb", "a\\u{a}b"),
            ("a\tb", "a\\u{9}b"), ("\u{7F}", "\\u{7f}"), ("\u{202E}evil", "\\u{202e}evil"),
            ("a\u{2028}b", "a\\u{2028}b"),
        ])
    func controls(text: String, shown: String) {
        #expect(printable(text) == shown)
        #expect(Table(rows: [[text, "x"]]).text == shown + "  x")
    }
}
