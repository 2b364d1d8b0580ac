import Testing

@testable import AuthService

@Suite("Passwords")
struct PasswordPolicyTests {
    private let context = ["acme-tax", "Acme Tax Partners", "Ana María Souza", "ana.souza@example.com"]

    @Test(
        "a password of its own is good, whatever kinds of characters it has",
        arguments: [
            "correct horse battery staple", "tulpenzwiebel", "vrijdag-markt", "x7Kq!pLw",
            "пароль-для-налогов",
            "ana likes green tea", "acme-tax is my accountant", String(repeating: "ab3!x", count: 25),
        ])
    func good(password: String) { #expect(PasswordPolicy.problem(password, context: context) == nil) }

    @Test("8 to 128 characters, counted as code points")
    func length() {
        #expect(PasswordPolicy.problem("x7Kq!pL", context: []) != nil)
        #expect(PasswordPolicy.problem("x7Kq!pLw", context: []) == nil)
        let long = String(repeating: "abcdefg3", count: 16)
        #expect(PasswordPolicy.problem(long, context: []) == nil)
        #expect(PasswordPolicy.problem(long + "x", context: []) != nil)
        #expect(PasswordPolicy.problem("žluťoučk", context: []) == nil)
    }

    @Test(
        "the most common ones are refused, in any letters and with digits or signs behind",
        arguments: [
            "password", "PassWord", "password1", "Password2024!", "sunshine", "Sunshine99", "qwertyuiop",
            "1qaz2wsx", "iloveyou!!",
        ])
    func common(password: String) { #expect(PasswordPolicy.problem(password, context: []) != nil) }

    @Test(
        "rows and repetitions are refused",
        arguments: ["12345678", "87654321", "abcdefgh", "aaaaaaaa", "abababab", "11112222", "aaaa1111bbbb"])
    func rows(password: String) { #expect(PasswordPolicy.problem(password, context: []) != nil) }

    @Test(
        "little more than the names around the person is refused",
        arguments: [
            "acme-tax", "Acme-Tax1", "acmetax2024", "ana.souza@example.com", "AnaSouza", "souza-ana-12",
            "acmepartners",
        ])
    func names(password: String) { #expect(PasswordPolicy.problem(password, context: context) != nil) }

    @Test("short words around the person spoil nothing")
    func shortWords() { #expect(PasswordPolicy.problem("bo-x7Kq!pw", context: ["Bo", "b@x.io"]) == nil) }

    @Test("the answer never repeats the password")
    func silent() {
        for password in ["sunshine", "acme-tax1", "12345678"] {
            #expect(PasswordPolicy.problem(password, context: context)?.contains(password) == false)
        }
    }
}
