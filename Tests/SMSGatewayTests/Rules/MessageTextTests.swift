import Testing
import Wire

@testable import SMSGateway

@Suite("The text of a message") struct MessageTextTests {
    @Test("tells the code, its life, and not to share it")
    func plain() {
        #expect(
            MessageText.compose(code: "123456", life: 300, brand: "ClientHub", domain: nil)
                == "ClientHub code: 123456. Expires in 5 min. Never share it.")
    }

    @Test("tells it in Spanish, too, with the same line last")
    func spanish() {
        #expect(
            MessageText.compose(
                code: "123456", life: 300, brand: "Peña & Hijos", domain: "app.example.com", language: .es)
                == "Peña & Hijos codigo: 123456. Vence en 5 min. No lo comparta.\n\n@app.example.com #123456")
    }

    @Test("ends in the line that browsers fill the code in by")
    func webOTP() {
        let text = MessageText.compose(
            code: "123456", life: 300, brand: "Smith & Co.", domain: "app.example.com")
        #expect(
            text == "Smith & Co. code: 123456. Expires in 5 min. Never share it.\n\n@app.example.com #123456")
    }

    @Test(
        "tells the life in whole minutes, one at least",
        arguments: [
            (300, 5), (299, 5), (271, 5), (269, 4), (90, 2), (89, 1), (20, 1), (0, 1), (3_600, 60),
        ])
    func minutes(seconds: Int, minutes: Int) {
        let text = MessageText.compose(code: "123456", life: seconds, brand: nil, domain: nil)
        #expect(text.contains(" in \(minutes) min."))
    }

    @Test(
        "fits one GSM-7 segment whatever it is given",
        arguments: [
            "", "x", "ClientHub", String(repeating: "Long Brand Name ", count: 20), "日本語の会社", "Ł€🦆 Ōsaka",
            "@#/:", "A.B.C. D.",
            String(repeating: "Ä", count: 300), "\n\r\t",
        ],
        [
            nil, "a.co", "portal.smith-and-partners-tax-advisers.example.com",
            String(repeating: "abcdefgh.", count: 27) + "com",
        ])
    func oneSegment(brand: String, domain: String?) throws {
        for (code, language) in product(["1234", "123456", "1234567890"], Language.allCases) {
            let text = MessageText.compose(
                code: code, life: 86_400, brand: brand, domain: domain, language: language)
            let septets = try #require(GSM7.septets(text))
            #expect(septets <= GSM7.segment)
            #expect(text.contains(language == .en ? " code: \(code). " : " codigo: \(code). "))
            #expect(text.hasSuffix("#\(code)") || !text.contains("@"))
            #expect(text.first != " ")
        }
    }

    @Test("fits one GSM-7 segment with brands and domains of every length", arguments: Language.allCases)
    func everyLength(language: Language) {
        for domainLength in 1...253 {
            let domain = String(String(repeating: "abcdefgh.", count: 29).prefix(domainLength))
            let host = domain.hasSuffix(".") ? domain.dropLast() + "x" : domain[...]
            #expect(MessageText.isHost(String(host)))
            for brandLength in stride(from: 0, through: 45, by: 3) {
                let text = MessageText.compose(
                    code: "1234567890", life: 3_600, brand: String(repeating: "é", count: brandLength),
                    domain: String(host), language: language)
                #expect(GSM7.septets(text).map { $0 <= GSM7.segment } == true)
            }
        }
    }

    @Test("keeps the line for browsers and shortens the brand, as long as enough of it is left")
    func shortened() {
        let domain = String(repeating: "abcdefgh.", count: 8) + "com"
        let text = MessageText.compose(
            code: "123456", life: 300, brand: "The Very Long Names of Smith and Others", domain: domain)
        #expect(text.hasSuffix("\n\n@\(domain) #123456"))
        #expect(GSM7.septets(text) == 160)
        let longer = MessageText.compose(
            code: "123456", life: 300, brand: "The Very Long Names of Smith and Others",
            domain: "abcdefgh.abcdefgh." + domain)
        #expect(!longer.contains("@"))
    }

    @Test(
        "takes of a brand what can stand in it",
        arguments: [
            ("Smith & Co.", "Smith & Co."),
            ("Müller Söhne", "Müller Söhne"),
            ("Peña–Ortiz “Tax”", "Peña-Ortiz \"Tax\""),
            ("Juárez Câmara", "Juarez Camara"),
            ("Jua\u{301}rez", "Juarez"),
            ("e\u{301}", "é"),
            ("  a   b  ", "a b"),
            ("Evil.com", "Evilcom"),
            ("J.R. Smith", "JR. Smith"),
            ("https://evil.example/x?y", "httpsevilexamplex?y"),
            ("@evil.example #999999", "evilexample 999999"),
            ("a\nb", "ab"),
            ("日本", "ClientHub"),
            ("", "ClientHub"),
            ("50% [off] {now}", "50% off now"),
            (String(repeating: "a", count: 41), String(repeating: "a", count: 40)),
        ])
    func brands(given: String, kept: String) {
        #expect(MessageText.clean(given) == kept)
    }

    @Test(
        "takes host names for domains",
        arguments: [
            ("app.example.com", true), ("localhost", true), ("xn--bcher-kva.example", true), ("a-b.c", true),
            ("", false), (".", false), ("a..b", false), ("a.", false), ("-a.b", false), ("a-.b", false),
            ("A.b", false),
            ("a b", false), ("a/b", false), ("a:443", false), ("a#b", false), ("bücher.example", false),
            ("a\n.b", false),
            (String(repeating: "a", count: 64), false), (String(repeating: "a.", count: 127), false),
        ])
    func hosts(text: String, isHost: Bool) {
        #expect(MessageText.isHost(text) == isHost)
    }
}

@Suite("The GSM alphabet") struct GSM7Tests {
    @Test(
        "counts septets",
        arguments: [
            ("", 0), ("abc", 3), ("@", 1), ("é", 1), ("€", 2), ("[x]", 5), ("\n", 1), ("Ω", 1), ("ñ", 1),
        ])
    func septets(text: String, count: Int) {
        #expect(GSM7.septets(text) == count)
    }

    @Test("has no others", arguments: ["`", "á", "ç", "日", "🦆", "\u{0}", "“", "\t"])
    func outside(text: String) {
        #expect(GSM7.septets(text) == nil)
    }

    @Test("gives only characters of its own for those that look alike")
    func nearest() {
        for scalar in (0x20...0x2FFF).compactMap(Unicode.Scalar.init) {
            guard let letter = GSM7.nearest(Character(scalar)) else { continue }
            #expect(GSM7.septets(String(letter)) == 1)
        }
    }
}

/// Each of one with each of the other.
private func product<A, B>(_ first: [A], _ second: [B]) -> [(A, B)] {
    first.flatMap { one in second.map { (one, $0) } }
}
