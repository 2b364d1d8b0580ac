import Cryptography
import Glibc
import ServiceKit
import Testing
import Wire

@testable import SMSGateway

/// A gateway over a real database in a scratch directory, with scripted providers and a clock that stands
/// still. Rounds of its courier are made by the test.
@Loop
final class Bench {
    let scratch: Scratch
    let time: TestClock
    let providers: [any Provider]
    let settings: String
    let providerSettings: String
    private(set) var gateway: Gateway
    static let firm = ID(high: 0x0192_0000_0000_7000, low: 0x8000_0000_0000_0001)

    /// `settings` are further members of the configuration, such as `"limits": { … }`, and `providerSettings`
    /// of each of its providers.
    init(
        _ providers: [any Provider] = [ScriptedProvider()], settings: String = "",
        providerSettings: String = "",
        scratch: Scratch? = nil
    ) throws {
        self.scratch = try scratch ?? Scratch()
        self.providers = providers
        self.settings = settings
        self.providerSettings = providerSettings
        time = TestClock()
        if self.scratch.read("key").isEmpty {
            _ = try self.scratch.write(SealingKeys.generate().file, to: "key")
        }
        let configuration = try Self.configuration(
            self.scratch, providers: providers.count, settings: settings, providerSettings: providerSettings)
        gateway = try Self.open(configuration, self.scratch, time, providers)
    }

    static func configuration(
        _ scratch: Scratch, providers: Int = 1, settings: String = "", providerSettings: String = ""
    ) throws -> SMSConfiguration {
        let list = (0..<max(1, providers)).map {
            #"{ "name": "p\#($0)", "kind": "outbox", "directory": "\#(scratch.file("outbox"))", \#(providerSettings) }"#
        }
        let text = """
            {
                "socket": "\(scratch.file("sms.sock"))", "database": "\(scratch.file("sms.db"))",
                "key": "\(scratch.file("key"))", "providers": [\(list.joined(separator: ", "))], \(settings)
            }
            """
        return try Settings.read(text: text) { settings throws(SettingError) in try SMSConfiguration(settings)
        }
    }

    private static func open(
        _ configuration: SMSConfiguration, _ scratch: Scratch, _ time: TestClock, _ providers: [any Provider]
    ) throws -> Gateway {
        try Gateway(
            configuration, log: log(to: scratch.file("log")),
            clock: time.clock, providers: providers.isEmpty ? nil : providers)
    }

    /// Ends the gateway as `kill -9` would: nothing of what is in its memory is written any more. Then opens
    /// a new one.
    func killAndReopen() throws {
        gateway.store.close()
        let dead = gateway.courier
        Task { @Loop in await dead.stop(within: 0) }
        try reopen()
    }

    func reopen() throws {
        let configuration = try Self.configuration(
            scratch, providers: providers.count, settings: settings, providerSettings: providerSettings)
        gateway = try Self.open(configuration, scratch, time, providers)
    }

    // MARK: shorthands

    /// A request with a key of its own, to a number that is not used otherwise, where none is given.
    func request(
        key: String? = nil, to: String = "+14155552671", code: String = "123456", life: Int = 300,
        firm: ID = Bench.firm,
        purpose: Purpose = .verify, brand: String? = nil, domain: String? = nil, language: Language? = nil
    ) -> SMS.Submit {
        SMS.Submit(
            key: key ?? "\(ID())", to: to, code: code, expires: time.now + life, firm: firm, purpose: purpose,
            brand: brand, domain: domain, language: language)
    }

    @discardableResult
    func submit(to: String = "+14155552671", life: Int = 300, purpose: Purpose = .verify) async throws -> ID {
        try await gateway.submit(request(to: to, life: life, purpose: purpose)).message
    }

    func state(_ id: ID) throws -> SMS.MessageState { try gateway.status(SMS.Status(message: id)).state }
    func status(_ id: ID) throws -> SMS.Status.Reply { try gateway.status(SMS.Status(message: id)) }

    /// A round of the courier, and what follows from it until nothing is on its way any more.
    func deliver() async throws {
        await gateway.courier.round()
        try await until { [gateway] in
            try gateway.courier.inFlight == 0 && gateway.store.tally()[.sending] == 0
        }
    }

    func until(_ isSo: @Loop () throws -> Bool, _ location: SourceLocation = #_sourceLocation) async throws {
        try await eventually("what is to become so", location) { try isSo() ? () : nil }
    }
}

/// The number at `index` of those that are taken for tests: each of the first 693 has a prefix of its own.
func testNumber(_ index: Int) -> String {
    let exchanges = (200...899).filter { $0 % 100 != 11 }
    return "+1415\(exchanges[index % exchanges.count])\(1_000 + index / exchanges.count)"
}
