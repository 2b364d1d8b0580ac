import ServiceKit
import Testing

@testable import ClientHubWeb

@Suite("Configuration") struct ConfigurationTests {
    private static func read(_ more: String) throws -> WebConfiguration {
        try Settings.read(text: "{ auth: 'auth.sock', \(more) }", file: "web.json") {
            (settings: Settings) throws(SettingError) in try WebConfiguration(settings)
        }
    }

    @Test("has a default for everything but the way in and the way to AuthService")
    func defaults() throws {
        let configuration = try Self.read("origin: 'https://hub.example.com'")
        #expect(configuration.listen == .loopback(host: "127.0.0.1", port: 8_080))
        #expect(configuration.help.email == "help@countingworkspro.com")
        #expect(!configuration.isDemo)
        #expect(configuration.phone == nil)
    }

    @Test(
        "says in one line what is wrong, and where",
        arguments: [
            ("", "web.json: origin: expected a text of 1 to 255 characters, found nothing"),
            (
                "origin: 'http://hub.example.com'",
                "web.json: origin: expected https, found http://hub.example.com: passwords must not travel in the clear"
            ),
            (
                "demo: true, origin: 'http://hub.example.com'",
                "web.json: origin: expected https, found http://hub.example.com: passwords must not travel in the clear"
            ),
            (
                "origin: 'https://hub.example.com/'",
                "web.json: origin: expected https://HOST or https://HOST:PORT without a path, found https://hub.example.com/"
            ),
            (
                "origin: 'https://a', listen: '0.0.0.0:80'",
                "web.json: listen: expected unix:/PATH, 127.0.0.1:PORT or [::1]:PORT, found 0.0.0.0:80; TLS is a proxy's job"
            ),
            (
                "origin: 'https://a', phone: 'outbox'",
                "web.json: phone: shows everybody's codes to everybody, so it needs \"demo\": true; remove it"
            ),
            (
                "origin: 'https://a', help: { video: 'http://b' }",
                "web.json: help.video: expected an https address, found http://b"
            ),
            (
                "origin: 'https://a', trustedProxies: ['10.0.0.0/8', 'proxy']",
                "web.json: trustedProxies[1]: expected an address or a range such as 10.0.0.0/8, found proxy"
            ),
            ("origin: 'https://a', orgin: 'x'", "web.json: orgin: unknown setting; did you mean origin?"),
            (
                "origin: 'https://a', limits: { bodyBytes: 1 }",
                "web.json: limits.bodyBytes: expected a whole number from 4096 to 1048576, found 1"
            ),
        ])
    func mistakes(text: String, line: String) {
        do {
            _ = try Self.read(text)
            Issue.record("was taken")
        } catch {
            #expect("\(error)" == line)
        }
    }
}
