import Cryptography
import Glibc
import ServiceKit
import Testing
import Wire

@testable import SMSGateway

/// SMSGateway as the executable beside the test's own, over a directory of its own, with carriers that are real processes.
@Loop
final class RealGateway {
    let scratch: Scratch
    /// Finds the gateway again within a moment of its return.
    let client: Client
    private var child: Child?

    /// A gateway that does not run yet.
    init(_ providers: String..., in scratch: Scratch? = nil) throws {
        let scratch = try scratch ?? Scratch()
        self.scratch = scratch
        var limits = ClientLimits()
        limits.longestRetry = 50
        client = Client(path: scratch.file("sms.sock"), limits: limits)
        _ = try scratch.write(SealingKeys.generate().file, to: "sms.key")
        _ = try scratch.write("secret\n", to: "carrier.password")
        _ = try scratch.write("test-token", to: "twilio.token")
        _ = try scratch.write("test/secret+key", to: "sns.secret")
        try configure(providers)
    }

    /// Writes its configuration, which holds from its next start on. It bears the load of a test. `settings` are
    /// further members.
    func configure(_ providers: [String], settings: String = "") throws {
        _ = try scratch.write(
            """
            {
                socket: "sms.sock", database: "sms.db", key: "\(scratch.file("sms.key"))",
                providers: [\(providers.joined(separator: ", "))],
                limits: { prefixPerHour: 100000, firmPerDay: 100000, countryPerDay: 100000 }, \(settings)
            }
            """, to: "sms.json")
    }

    /// A carrier at an SMSC of the tests.
    func carrier(port: Int) -> String {
        """
        {
            name: "carrier", kind: "smpp", host: "127.0.0.1", port: \(port), systemID: "clienthub",
            password: "\(scratch.file("carrier.password"))", source: "32665", rate: 1000,
        }
        """
    }

    /// Twilio, as a counterpart of the tests plays it; `port` in place of the counterpart's.
    func twilio(_ server: Counterpart, name: String = "twilio", port: Int? = nil) -> String {
        """
        {
            name: "\(name)", kind: "twilio", account: "\(TwilioBench.account)", from: "+14155550000",
            token: "\(scratch.file("twilio.token"))", endpoint: "https://127.0.0.1:\(port ?? server.port)",
            caFile: "\(server.authorities)", connectTimeout: "20s", callback: "https://hub.example.com",
        }
        """
    }

    /// SNS as moto has it, behind a front that checks signatures.
    func sns(_ server: Counterpart, port: Int? = nil) -> String {
        """
        {
            name: "sns", kind: "sns", region: "us-west-2", accessKey: "AKIATEST",
            secretKey: "\(scratch.file("sns.secret"))", endpoint: "https://127.0.0.1:\(port ?? server.port)",
            caFile: "\(server.authorities)", connectTimeout: "20s",
        }
        """
    }

    /// Starts it, and waits until it answers.
    func start() async throws {
        let runner = CommandLine.arguments[0]
        let folder = runner.lastIndex(of: "/").map { String(runner[..<$0]) } ?? "."
        child = try Child(
            ["\(folder)/SMSGateway", "--config", scratch.file("sms.json")], output: scratch.file("sms.log"))
        try await soon("the gateway to answer") {
            (try? await client.call(Common.Health(), within: 2_000)) != nil
        }
    }

    /// Ends it between any two instructions.
    func kill() { child = nil }

    /// What it has written to standard error, in all of its lives.
    var log: String { String(decoding: scratch.read("sms.log"), as: UTF8.self) }

    /// A code for `number`, whose key is the number too.
    func request(_ number: Int, life: Int = 300) -> SMS.Submit {
        SMS.Submit(
            key: "key-\(number)", to: testNumber(number), code: "\(100_000 + number)", expires: .now + life,
            firm: Bench.firm, purpose: .verify)
    }

    func status(_ message: ID) async throws -> SMS.Status.Reply {
        try await client.call(SMS.Status(message: message), within: 60_000)
    }

    /// Waits until nothing waits and nothing is on its way.
    func settle() async throws {
        try await soon("all messages to leave the queue") {
            let states = try await client.call(SMS.Stats(), within: 60_000).states
            return states["queued"] == 0 && states["sending"] == 0
        }
    }

    /// Waits for something that is to become true, for a limit that no machine in working order needs.
    func soon(_ what: String, _ isSo: @Loop () async throws -> Bool) async throws {
        do {
            try await eventually(what) { try await isSo() ? () : nil }
        } catch let error as WaitedInVain {
            throw WaitedInVain(description: "\(error):\n\(log.suffix(3_000))")
        }
    }
}

/// What a carrier of the tests took, by number.
@Loop
enum Taker {
    case smsc(SMSC)
    case twilio(Counterpart)
    case sns(Counterpart)

    enum Kind: String, CaseIterable, Sendable { case smpp34, twisted, perl, twilio, sns }

    init(_ kind: Kind) async throws {
        switch kind {
        case .smpp34: self = .smsc(try await SMSC(.smpp34))
        case .twisted: self = .smsc(try await SMSC(.twisted))
        case .perl: self = .smsc(try await SMSC(.perl))
        case .twilio: self = .twilio(try await Counterpart("twilio_api.py"))
        case .sns: self = .sns(try await Counterpart("sns_api.py"))
        }
    }

    func settings(for gateway: RealGateway) -> String {
        switch self {
        case .smsc(let smsc): gateway.carrier(port: smsc.port)
        case .twilio(let server): gateway.twilio(server)
        case .sns(let server): gateway.sns(server)
        }
    }

    /// The numbers of all messages that came there, in E.164, as often as one came.
    var numbers: [String] {
        get throws {
            switch self {
            case .smsc(let smsc): try smsc.submitted.map { "+" + $0.destination_addr }
            case .twilio(let server): try server.accepted.map { $0["To"] ?? "" }
            case .sns(let server): try server.accepted.map { $0["to"] ?? "" }
            }
        }
    }
}
