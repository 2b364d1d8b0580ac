import Cryptography
import ServiceKit
import Testing
import Wire

@testable import SMSGateway

/// What is posted, as a test writes it and as Twilio's validator signs it.
struct Posted {
    var url = "https://hub.example.com/receipts/twilio/twilio/01920000-0000-7000-8000-00000000abcd"
    var form: [(String, String)] = [
        ("MessageStatus", "delivered"), ("MessageSid", "SM1"), ("To", "+14155552671"), ("b", ""),
        ("B", "é & ü"),
    ]
    var json: String?
    var secret = "test-token"
    var algorithm: String?
    var settings: String?

    /// As the script reads it.
    var question: String {
        let pairs = form.map { "[\(quoted($0.0)), \(quoted($0.1))]" }.joined(separator: ", ")
        let content = json.map { "\"body\": \(quoted($0))" } ?? "\"form\": [\(pairs)]"
        let algorithm = algorithm.map { ", \"algorithm\": \(quoted($0))" } ?? ""
        return "{\"secret\": \(quoted(secret)), \"url\": \(quoted(url)), \(content)\(algorithm)}"
    }

    func webhook(_ signature: String) -> Webhook {
        var headers = ["X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"]
        if json != nil { headers["Content-Type"] = "application/json; charset=utf-8" }
        headers["X-Twilio-Webhooks-Signature-Settings"] = settings
        return Webhook(
            headers: headers, body: json ?? FormText.encode(form.map { (name: $0.0, value: $0.1) }), url: url)
    }

    private func quoted(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// Twilio's validator's signatures of these.
    @Loop
    static func signed(_ all: [Posted]) async throws -> [String] {
        let question = "[\(all.map(\.question).joined(separator: ", "))]"
        let answer = try await Child.run(
            Child.python("Tests/Counterparts/twilio_sign.py"), input: question)
        return answer.split(separator: "\"").filter { $0.contains("=") }.map(String.init)
    }
}

// One after the other: each has servers to wait for, and all tests share one loop.
@Suite("Twilio's signature", .serialized, .timeLimit(.minutes(5))) struct TwilioSignatureTests {
    let twilio: Twilio
    static let keyHeader = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"

    @Loop init() throws {
        let scratch = try Scratch()
        let text = """
            {
                account: 'AC00000000000000000000000000000001', from: '+14155550000',
                token: '\(try scratch.write("test-token\n", to: "token"))',
                webhookKeys: '\(try scratch.write("webhooks_sharedkey_1 shared-key\n", to: "keys"))',
                callback: 'https://hub.example.com',
            }
            """
        let settings = try Settings.read(text: text) { settings throws(SettingError) in
            try TwilioSettings(settings, name: "twilio")
        }
        twilio = Twilio(name: "twilio", settings: settings, clock: Clock())
    }

    func isGenuine(_ webhook: Webhook) -> Bool {
        do throws(Forged) {
            _ = try twilio.read(webhook)
            return true
        } catch {
            return false
        }
    }

    @Test("is taken where Twilio's own validator made it")
    @Loop func genuine() async throws {
        let json = #"{"MessageStatus": "sent", "x": "é"}"#
        let jsonURL = "https://hub.example.com/receipts/twilio/twilio?bodySHA256=\(SHA256.digest(json))"
        let all = [
            Posted(),
            Posted(form: []),
            Posted(form: [("a", "2"), ("a", "1"), ("a", "2"), ("A", "3"), ("a1", "4")]),
            Posted(url: "https://hub.example.com:8443/receipts/twilio/twilio"),
            Posted(url: "https://hub.example.com:443/receipts/twilio/twilio?x=1&y=%20"),
            Posted(url: jsonURL, json: json),
            Posted(secret: "shared-key", algorithm: "HMAC_SHA256", settings: Self.keyHeader),
            Posted(
                url: jsonURL, json: json, secret: "shared-key", algorithm: "HMAC_SHA256",
                settings: " algorithm=HMAC_SHA256 , key=webhooks_sharedkey_1"),
            Posted(settings: ""), Posted(settings: "key=webhooks_sharedkey_1,algorithm=HMAC_SHA1"),
        ]
        let signatures = try await Posted.signed(all)
        try #require(signatures.count == all.count)
        for (posted, signature) in zip(all, signatures) {
            #expect(isGenuine(posted.webhook(signature)), "\(posted.url) \(posted.settings ?? "")")
        }
    }

    @Test("is taken with the port in the URL and without it, whichever Twilio signed")
    @Loop func ports() async throws {
        let path = "/receipts/twilio/twilio"
        let with = Posted(url: "https://hub.example.com:443\(path)")
        let without = Posted(url: "https://hub.example.com\(path)")
        let signatures = try await Posted.signed([with, without])
        for signature in signatures {
            #expect(isGenuine(with.webhook(signature)))
            #expect(isGenuine(without.webhook(signature)))
        }
        #expect(signatures[0] != signatures[1])
        #expect(!isGenuine(Posted(url: "https://hub.example.com:8443\(path)").webhook(signatures[0])))
    }

    @Test("is refused where anything is not as it was signed")
    @Loop func forged() async throws {
        let json = #"{"MessageStatus": "sent"}"#
        let jsonURL = "https://hub.example.com/receipts/twilio/twilio?bodySHA256=\(SHA256.digest(json))"
        let base = Posted()
        let shared = Posted(secret: "shared-key", algorithm: "HMAC_SHA256", settings: Self.keyHeader)
        let signatures = try await Posted.signed([
            base, shared, Posted(url: jsonURL, json: json), Posted(secret: "another"),
            Posted(url: "https://hub.example.com/receipts/twilio/twilio", form: []),
        ])
        let (sha1, sha256, ofJSON, ofAnother, ofNothing) = (
            signatures[0], signatures[1], signatures[2], signatures[3], signatures[4]
        )
        func changed(_ posted: Posted, _ change: (inout Posted) -> Void) -> Posted {
            var posted = posted
            change(&posted)
            return posted
        }
        let forgeries: [(String, Webhook)] = [
            ("another secret", base.webhook(ofAnother)), ("no signature", base.webhook("")),
            ("a shorter signature", base.webhook(String(sha1.dropLast()))),
            ("another value", changed(base) { $0.form[0].1 = "failed" }.webhook(sha1)),
            ("a field more", changed(base) { $0.form.append(("c", "1")) }.webhook(sha1)),
            ("a field less", changed(base) { $0.form.removeLast() }.webhook(sha1)),
            ("another path", changed(base) { $0.url += "x" }.webhook(sha1)),
            ("another host", changed(base) { $0.url = $0.url.replacing("hub", with: "hug") }.webhook(sha1)),
            ("http", changed(base) { $0.url = $0.url.replacing("https", with: "http") }.webhook(sha1)),
            ("SHA-256 without its header", changed(shared) { $0.settings = nil }.webhook(sha256)),
            (
                "SHA-1 with the header of SHA-256",
                changed(base) { $0.settings = Self.keyHeader }.webhook(sha1)
            ),
            (
                "an unknown key",
                changed(shared) { $0.settings = "key=other,algorithm=HMAC_SHA256" }.webhook(sha256)
            ),
            ("no key", changed(shared) { $0.settings = "algorithm=HMAC_SHA256" }.webhook(sha256)),
            (
                "an unknown algorithm",
                changed(shared) { $0.settings = "key=webhooks_sharedkey_1,algorithm=HMAC_SHA512" }.webhook(
                    sha256)
            ),
            ("no algorithm at all", changed(base) { $0.settings = "algorithm=none" }.webhook(sha1)),
            (
                "another body of JSON",
                changed(Posted(url: jsonURL, json: json)) { $0.json = #"{"MessageStatus": "failed"}"# }
                    .webhook(ofJSON)
            ),
            (
                "JSON at a URL without its hash",
                Posted(url: "https://hub.example.com/receipts/twilio/twilio", json: json).webhook(ofNothing)
            ),
            ("no form", Webhook(headers: ["x-twilio-signature": sha1], body: "a=%", url: base.url)),
        ]
        for (what, webhook) in forgeries { #expect(!isGenuine(webhook), "\(what) was taken") }
        #expect(isGenuine(base.webhook(sha1)) && isGenuine(shared.webhook(sha256)))
        #expect(isGenuine(Posted(url: jsonURL, json: json).webhook(ofJSON)))
    }
}
