import Testing

@testable import AuthService

@Suite("E-mail addresses")
struct EmailAddressTests {
    @Test(
        "people are found by their address in any letters, with white space around it",
        arguments: ["ana@example.com", "Ana@Example.COM", "  ana@example.com\n", "\u{A0}ANA@EXAMPLE.COM"])
    func key(text: String) {
        #expect(EmailAddress(text)?.key == "ana@example.com")
        #expect(EmailAddress.key(typed: text) == "ana@example.com")
    }

    @Test("the address is kept as it was given")
    func text() { #expect(EmailAddress(" Ana@Example.com ")?.text == "Ana@Example.com") }

    @Test(
        "what mail is delivered by is taken",
        arguments: ["a@b", "a.b+c@x-y.example", "o'neil@example.com", "ümit@bücher.example"])
    func taken(text: String) { #expect(EmailAddress(text) != nil) }

    @Test(
        "what can be no address is not",
        arguments: [
            "", "ana", "@example.com", "ana@", "ana@@example.com", "an a@example.com", "ana@exa mple.com",
            "ana@.com",
            "ana@example..com", "ana@example.com.", "ana\u{0}@example.com", "ana@example.com\u{7F}x",
            String(repeating: "a", count: 65) + "@example.com",
            "ana@" + String(repeating: "a", count: 64) + ".com",
            "ana@" + String(repeating: "abc.", count: 70) + "com",
        ])
    func refused(text: String) { #expect(EmailAddress(text) == nil) }
}
