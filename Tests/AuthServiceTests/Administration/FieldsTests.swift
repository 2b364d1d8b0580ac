import Testing
import Wire

@testable import AuthService

@Suite("The fields of the administration's calls")
struct FieldsTests {
    @Test(
        "names lose the white space around them",
        arguments: [
            ("Ana", "Ana"), ("  Ana B. \n", "Ana B."), ("\u{3000}日本\u{A0}", "日本"), ("O'Neil-Ü", "O'Neil-Ü"),
            (String(repeating: "é", count: 200), String(repeating: "é", count: 200)),
        ])
    func names(text: String, name: String) throws { #expect(try Fields.name(text, "name") == name) }

    @Test(
        "what would garble a page or a log is no name",
        arguments: [
            "a\u{0}b", "a\nb", "a\u{1B}b", "a\u{7F}b", "a\u{85}b", "a\u{2028}b", "a\u{202E}b", "a\u{2066}b",
        ])
    func garbled(text: String) {
        #expect(throws: Refusal.self) { try Fields.name(text, "owner.name") }
    }

    @Test("a name is counted in code points, so that it is bounded")
    func zalgo() {
        #expect(throws: Refusal.self) {
            try Fields.name("a" + String(repeating: "\u{301}", count: 200), "name")
        }
    }

    @Test("notes keep their lines")
    func notes() throws {
        #expect(try Fields.note(" a\r\n\tb ", "x") == "a\r\n\tb")
        #expect(try Fields.note(nil, "x") == nil && Fields.note(" \n", "x") == nil)
    }

    @Test("a search is folded as names are")
    func search() throws {
        #expect(try Fields.search("  ÄB ") == "äb")
        #expect(try Fields.search(" ") == nil && Fields.search(nil) == nil)
    }
}

@Suite("Cursors")
struct CursorTests {
    @Test(
        "a position comes back as it went", arguments: [[0], [1, 2, 3], [UInt8](repeating: 255, count: 800)])
    func roundTrip(position: [UInt8]) throws {
        #expect(try Cursor.decode(Cursor.encode(position, of: "list"), of: "list") == position)
    }

    @Test("one changed character, another list or a piece is refused")
    func refused() {
        let cursor = Cursor.encode(Array("position".utf8), of: "list")
        #expect(throws: Refusal.self) { try Cursor.decode(cursor, of: "list2") }
        for index in cursor.indices {
            var changed = cursor
            changed.replaceSubrange(index...index, with: cursor[index] == "A" ? "B" : "A")
            #expect(throws: Refusal.self) { try Cursor.decode(changed, of: "list") }
            #expect(throws: Refusal.self) { try Cursor.decode(String(cursor[..<index]), of: "list") }
        }
    }

    @Test("a client's position holds its name and id")
    func position() throws {
        let position = ClientPosition(key: "ümit öz", id: ID())
        #expect(try ClientPosition(position.bytes) == position)
        #expect(throws: Refusal.self) { try ClientPosition([1, 2, 3]) }
        #expect(try EventPosition(EventPosition(.max).bytes) == EventPosition(.max))
        #expect(throws: Refusal.self) { try EventPosition(Array("x".utf8)) }
    }
}
