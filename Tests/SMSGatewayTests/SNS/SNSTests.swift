import ServiceKit
import Testing
import Wire

@testable import SMSGateway

@Suite("AWS's signature") struct AWSSignatureTests {
    @Test("is that of AWS's own example of a form")
    func vector() {
        let signature = AWSSignature(
            accessKey: "AKIDEXAMPLE",
            secretKey: Secret(Array("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".utf8)),
            region: "us-east-1", service: "service")
        let headers = signature.headers(
            host: "example.amazonaws.com", body: Array("Param1=value1".utf8),
            time: Timestamp(milliseconds: 1_440_938_160_999))
        #expect(headers.map(\.name) == ["Content-Type", "X-Amz-Date", "Authorization"])
        #expect(headers[1].value == "20150830T123600Z")
        #expect(
            headers[2].value == """
                AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, \
                SignedHeaders=content-type;host;x-amz-date, \
                Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a
                """)
    }
}

@Suite("AWS's errors") struct SNSErrorsTests {
    /// The classes of the codes, written down a second time.
    static let classes: [(SNSErrors.Meaning, [String])] = [
        (
            .permanent,
            [
                "InvalidParameter", "InvalidParameterValue", "ParameterValueInvalid", "ValidationException",
                "ValidationError",
            ]
        ),
        (
            .configuration,
            [
                "AuthorizationError", "AccessDenied", "AccessDeniedException", "UserErrorException",
                "InvalidSecurity", "InvalidClientTokenId", "UnrecognizedClientException",
                "SignatureDoesNotMatch",
                "IncompleteSignature", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
                "RequestExpired", "OptInRequired", "NotFound", "InvalidAction", "KMSAccessDenied",
                "KMSDisabled",
                "KMSInvalidState", "KMSNotFound", "KMSOptInRequired",
            ]
        ),
        (
            .retry,
            [
                "Throttling", "ThrottlingException", "ThrottledException", "Throttled", "RequestThrottled",
                "RequestThrottledException", "RequestLimitExceeded", "TooManyRequestsException",
                "BandwidthLimitExceeded", "LimitExceededException", "KMSThrottling", "SlowDown",
            ]
        ),
    ]
    static let rows = classes.flatMap { meaning, codes in codes.map { ($0, meaning) } }

    @Test("has each code once")
    func complete() {
        #expect(Set(Self.rows.map(\.0)) == Set(SNSErrors.table.keys))
        #expect(Self.rows.count == SNSErrors.table.count)
    }

    @Test("makes of each code in an answer what its class says", arguments: rows)
    func outcomes(code: String, meaning: SNSErrors.Meaning) {
        let text =
            "<ErrorResponse><Error><Code>\(code)</Code><Message>+14155552671</Message></Error></ErrorResponse>"
        let outcome = SNS.outcome(HTTPAnswer(status: 400, body: Array(text.utf8)))
        switch (meaning, outcome) {
        case (.retry, .retry(after: nil, _)), (.permanent, .permanent), (.configuration, .configuration):
            break
        default: Issue.record("\(code) became \(outcome)")
        }
        #expect(outcome.reason?.contains(code) == true)
        #expect(outcome.reason?.contains("2671") == false)
    }

    enum Kind: Sendable { case sent, retry(Int?), otherRoute, configuration, uncertain }

    @Test(
        "reads answers of every status",
        arguments: [
            (200, "<PublishResponse><MessageId>567910cd-659e</MessageId></PublishResponse>", Kind.sent),
            (200, "<MessageId></MessageId>", .uncertain), (200, "<MessageId>1", .uncertain),
            (200, "<MessageId><x>1</x></MessageId>", .uncertain), (200, "", .uncertain),
            (204, "{}", .uncertain),
            (302, "", .configuration), (400, "", .uncertain), (400, "<Code>Strange</Code>", .otherRoute),
            (401, "", .configuration), (403, "", .configuration), (404, "", .configuration),
            (408, "<Code>Throttling</Code>", .uncertain), (409, "", .uncertain), (425, "", .uncertain),
            (429, "<Code>InvalidParameter</Code>", .retry(5)), (429, "", .retry(5)),
            (500, "<Code>InternalError</Code>", .uncertain), (500, "<Code>Throttling</Code>", .uncertain),
            (502, "", .uncertain), (503, "", .uncertain), (504, "", .uncertain), (100, "", .uncertain),
        ])
    func statuses(status: Int, body: String, kind: Kind) {
        let outcome = SNS.outcome(
            HTTPAnswer(status: status, headers: ["retry-after": "5"], body: Array(body.utf8)))
        switch (kind, outcome) {
        case (.sent, .sent(providerID: "567910cd-659e")), (.otherRoute, .otherRoute),
            (.configuration, .configuration), (.uncertain, .uncertain):
            break
        case (.retry(let wanted), .retry(let after, _)): #expect(after == wanted)
        default: Issue.record("\(status) \(body) became \(outcome)")
        }
    }
}

// One after the other: each has servers to wait for, and all tests share one loop.
@Suite("SNS", .serialized, .timeLimit(.minutes(5))) struct SNSTests {
    /// The provider over moto, whose front checks each signature by botocore.
    @Loop func sns(
        _ server: Counterpart, secret: String = "test/secret+key", key: String = "AKIATEST",
        region: String = "us-west-2", more: String = "", clock: Clock = Clock()
    ) throws -> SNS {
        let text = """
            {
                region: '\(region)', accessKey: '\(key)',
                secretKey: '\(try server.scratch.write(secret, to: "secret"))',
                endpoint: '\(server.url)', caFile: '\(server.authorities)', connectTimeout: '20s', \(more)
            }
            """
        let settings = try Settings.read(text: text) { settings throws(SettingError) in
            try SNSSettings(settings, name: "sns")
        }
        return SNS(name: "sns", settings: settings, clock: clock)
    }

    func message(_ text: String = "Hub code: 123456.\n\n@app.example.com #123456") -> OutboundMessage {
        OutboundMessage(id: ID(), to: "+14155552671", text: text, expires: .now + 300)
    }

    @Test("sends a message that is signed as botocore signs it, and keeps its id")
    @Loop func sends() async throws {
        let server = try await Counterpart("sns_api.py")
        let texts = ["Hub code: 123456.\n\n@app.example.com #123456", "é ü ~ + % & = *", "😀 \"'<>"]
        for text in texts {
            guard case .sent(let id?) = try await sns(server).send(message(text)) else {
                Issue.record("\(text) was not sent")
                continue
            }
            #expect(try server.accepted.last == ["to": "+14155552671", "text": text, "id": id])
        }
        #expect(try server.accepted.count == texts.count)
    }

    @Test("sends as Transactional, from the sender that is set")
    @Loop func attributes() async throws {
        let server = try await Counterpart("sns_api.py")
        let sns = try sns(server, more: "senderID: 'Hub', originationNumber: '+14155550000'")
        guard case .sent = await sns.send(message()) else {
            Issue.record("it was not sent")
            return
        }
        let body = try #require(try server.requests.first?.body)
        let fields = try FormText.decode(body).filter { $0.name.hasPrefix("MessageAttributes") }
        #expect(
            fields.filter { $0.name.hasSuffix("Name") }.map(\.value) == [
                "AWS.SNS.SMS.SMSType", "AWS.SNS.SMS.SenderID", "AWS.MM.SMS.OriginationNumber",
            ])
        #expect(
            fields.filter { $0.name.hasSuffix("StringValue") }.map(\.value) == [
                "Transactional", "Hub", "+14155550000",
            ])
    }

    @Test("says that its settings are wrong where AWS does not take its signature")
    @Loop func wrongKeys() async throws {
        let server = try await Counterpart("sns_api.py")
        let slow = Clock(wall: { .now - 3_600 })
        let cases = [
            (try sns(server, secret: "other"), "SignatureDoesNotMatch"),
            (try sns(server, key: "AKIAOTHER"), "InvalidClientTokenId"),
            (try sns(server, region: "us-east-1"), "InvalidClientTokenId"),
            (try sns(server, clock: slow), "RequestExpired"),
        ]
        for (sns, code) in cases {
            guard case .configuration(let reason) = await sns.send(message()) else {
                Issue.record("\(code): it was taken for something else")
                continue
            }
            #expect(reason.contains(code))
        }
        #expect(try server.accepted.isEmpty)
    }

    enum Kind: Sendable { case retry(Int?), otherRoute, permanent, configuration, uncertain }

    @Test(
        "knows what became of a message, whatever AWS does",
        arguments: [
            ("refuse 400 Throttling", Kind.retry(nil)), ("refuse 429 Throttled 4", .retry(4)),
            ("refuse 400 InvalidParameter", .permanent), ("refuse 400 Strange", .otherRoute),
            ("refuse 403 AuthorizationError", .configuration), ("refuse 500 InternalError", .uncertain),
            ("status 503 1", .uncertain), ("reset", .uncertain), ("half", .uncertain),
            ("garbage 200", .uncertain),
            ("redirect", .configuration),
        ])
    @Loop func misbehaves(order: String, kind: Kind) async throws {
        let server = try await Counterpart("sns_api.py")
        try server.order(order)
        let outcome = try await sns(server).send(message())
        switch (kind, outcome) {
        case (.retry(let wanted), .retry(let after, _)): #expect(after == wanted)
        case (.otherRoute, .otherRoute), (.permanent, .permanent), (.configuration, .configuration),
            (.uncertain, .uncertain):
            break
        default: Issue.record("\(order) became \(outcome)")
        }
        for secret in ["2671", "123456", "secret"] {
            #expect(outcome.reason?.contains(secret) == false, "\(outcome)")
        }
        #expect(try server.requests.count == 1)
    }

    @Test(
        "is configured by a region, a key and its secret",
        arguments: [
            ("accessKey: 'A1234', secretKey: '@s'", "region"),
            ("region: 'us east', accessKey: 'A1234', secretKey: '@s'", "region"),
            ("region: 'us-east-1', secretKey: '@s'", "accessKey"),
            ("region: 'us-east-1', accessKey: 'A/123', secretKey: '@s'", "accessKey"),
            ("region: 'us-east-1', accessKey: 'A1234'", "secretKey"),
            ("region: 'us-east-1', accessKey: 'A1234', secretKey: '@lines'", "secretKey"),
            ("region: 'us-east-1', accessKey: 'A1234', secretKey: '@s', endpoint: 'https://a/b'", "endpoint"),
            (
                "region: 'us-east-1', accessKey: 'A1234', secretKey: '@s', senderID: 'twelve chars'",
                "senderID"
            ),
            ("region: 'us-east-1', accessKey: 'A1234', secretKey: '@s'", ""),
        ])
    func settings(members: String, key: String) throws {
        let scratch = try Scratch()
        _ = try scratch.write("secret\n", to: "s")
        _ = try scratch.write("two\nlines\n", to: "lines")
        let text = "{ \(members.replacing("@", with: scratch.path + "/")) }"
        let read = Result {
            try Settings.read(text: text) { settings throws(SettingError) in
                try SNSSettings(settings, name: "sns")
            }
        }
        switch read {
        case .success(let settings):
            #expect(key.isEmpty && settings.url.text == "https://sns.us-east-1.amazonaws.com")
        case .failure(let error): #expect((error as? SettingError)?.key == key, "\(error)")
        }
    }
}
