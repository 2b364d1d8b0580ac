import Testing

@testable import SMSGateway

@Suite("Twilio's errors") struct TwilioErrorsTests {
    /// The classes of the codes, written down a second time: from Twilio's documentation of its errors.
    static let classes: [(Int, TwilioErrors.Meaning)] = [
        (20429, .retry),
        (21611, .otherRoute), (21612, .otherRoute), (30001, .otherRoute), (30008, .otherRoute),
        (30017, .otherRoute), (30022, .otherRoute), (30410, .otherRoute),
        (21211, .permanent), (21614, .permanent), (30003, .permanent), (30004, .permanent),
        (30005, .permanent),
        (30006, .permanent), (60410, .permanent),
        (21610, .optedOut),
        (20003, .configuration), (20404, .configuration), (21212, .configuration), (21408, .configuration),
        (21602, .configuration), (21603, .configuration), (21606, .configuration), (21609, .configuration),
        (21701, .configuration), (30002, .configuration), (30007, .configuration), (30023, .configuration),
        (30032, .configuration), (30034, .configuration), (30038, .configuration),
        (30036, .expired),
    ]

    @Test("has each code once")
    func complete() {
        #expect(Set(Self.classes.map(\.0)) == Set(TwilioErrors.table.keys))
        #expect(Self.classes.count == TwilioErrors.table.count)
    }

    @Test("gives each code its class, and a sentence without digits of the message", arguments: classes)
    func rows(code: Int, meaning: TwilioErrors.Meaning) throws {
        let row = try #require(TwilioErrors.row(code))
        #expect(row.meaning == meaning)
        #expect(row.reason.hasSuffix("."))
        #expect(row.reason.first?.isUppercase == true)
    }

    /// An answer of Twilio's that refuses a message with `code`.
    func answer(_ status: Int, _ code: Int, headers: [String: String] = [:]) -> HTTPAnswer {
        let body = """
            {"code": \(code), "message": "The 'To' number +1 (415) 555-2671 is not valid", "status": \(status)}
            """
        return HTTPAnswer(status: status, headers: headers, body: Array(body.utf8))
    }

    @Test("makes of each code in an answer what its class says", arguments: classes)
    func outcomes(code: Int, meaning: TwilioErrors.Meaning) {
        let outcome = Twilio.outcome(answer(400, code))
        switch (meaning, outcome) {
        case (.retry, .retry(after: nil, _)), (.otherRoute, .otherRoute), (.permanent, .permanent(_, false)),
            (.optedOut, .permanent(_, true)), (.expired, .permanent(_, false)),
            (.configuration, .configuration):
            break
        default: Issue.record("\(code) became \(outcome)")
        }
        #expect(outcome.reason?.contains("\(code)") == true)
        #expect(outcome.reason?.contains("2671") == false)
    }

    @Test(
        "lets another provider have what is refused for a reason that is not known, in words without the number"
    )
    func unknown() {
        let outcome = Twilio.outcome(answer(400, 99_999))
        guard case .otherRoute(let reason) = outcome else {
            Issue.record("it became \(outcome)")
            return
        }
        #expect(reason.hasPrefix("Twilio refuses it with error 99999: The 'To' number"))
        #expect(!reason.contains("415") && !reason.contains("2671"))
    }

    enum Kind: Sendable, Equatable { case sent, retry(Int?), configuration, uncertain }

    @Test(
        "reads answers of every status",
        arguments: [
            (201, #"{"sid": "SM0123456789abcdef0123456789abcdef"}"#, Kind.sent),
            (200, #"{"sid": "MM0123456789abcdef0123456789abcdef", "x": [1, {}]}"#, .sent),
            (201, #"{"sid": "SM"}"#, .uncertain), (201, #"{"sid": 1}"#, .uncertain), (201, "", .uncertain),
            (201, #"{"sid": "SM0123"#, .uncertain), (204, "", .uncertain), (201, "[]", .uncertain),
            (301, "", .configuration), (307, "", .configuration), (401, "", .configuration),
            (403, "<h1>", .configuration), (404, "", .configuration), (400, "<h1>", .uncertain),
            (400, #"{"code": "x"}"#, .uncertain), (405, "", .uncertain),
            (408, #"{"code": 21211}"#, .uncertain),
            (409, #"{"code": 21211}"#, .uncertain), (425, "", .uncertain), (429, "", .retry(nil)),
            (429, #"{"code": 21211}"#, .retry(nil)), (500, #"{"code": 20500}"#, .uncertain),
            (500, #"{"code": 20429}"#, .uncertain), (502, "", .uncertain), (503, "", .uncertain),
            (504, "", .uncertain),
            (599, "", .uncertain), (100, "", .uncertain), (999, "", .uncertain),
        ])
    func statuses(status: Int, body: String, kind: Kind) {
        let outcome = Twilio.outcome(HTTPAnswer(status: status, body: Array(body.utf8)))
        switch (kind, outcome) {
        case (.sent, .sent), (.configuration, .configuration), (.uncertain, .uncertain): break
        case (.retry(let wanted), .retry(let after, _)): #expect(after == wanted)
        default: Issue.record("\(status) \(body) became \(outcome)")
        }
    }

    @Test("waits for as long as Twilio says", arguments: [("7", 7), ("0", 0), ("soon", nil), ("-1", nil)])
    func retryAfter(text: String, seconds: Int?) {
        let outcome = Twilio.outcome(answer(429, 20429, headers: ["retry-after": text]))
        guard case .retry(let after, _) = outcome else {
            Issue.record("it became \(outcome)")
            return
        }
        #expect(after == seconds)
    }
}
