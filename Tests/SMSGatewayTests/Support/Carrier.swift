import Testing
import Wire

@testable import SMSGateway

/// The SMPP provider of a test, with what it was told by its carrier.
@Loop
final class Carrier {
    let provider: SMPP
    let scratch: Scratch
    /// Stands still, so that lives of codes are what they were.
    let time = TestClock()
    let news = Heard()

    /// What came unasked.
    @Loop final class Heard {
        var receipts: [Receipt] = []
        var texts: [InboundText] = []
        /// Whether it can be kept, and what that waits for.
        var isWell = true
        var pause: @Sendable @Loop () async -> Void = {}

        nonisolated init() {}

        struct Unwell: Error {}

        func keep(_ receipt: Receipt) async throws {
            await pause()
            guard isWell else { throw Unwell() }
            receipts.append(receipt)
        }

        func keep(_ text: InboundText) async throws {
            await pause()
            guard isWell else { throw Unwell() }
            texts.append(text)
        }
    }

    init(
        port: Int, settings more: String = #""rate": 1000"#, password: String = "secret",
        hasEars: Bool = true,
        patience change: (inout SMPPPatience) -> Void = { _ in },
        keeping pause: @escaping @Sendable @Loop () async -> Void = {}
    ) throws {
        scratch = try Scratch()
        let settings = SMPPSettings.test(more, port: port, password: password)
        // Short where the test waits for it anyway, and else longer than any test lasts.
        var patience = SMPPPatience(answer: 60_000)
        patience.session = 30_000
        patience.turn = 60_000
        patience.retries = (1, 20)
        patience.farewell = 500
        change(&patience)
        let news = news
        news.pause = pause
        let ears = CarrierNews(
            receipt: { try await news.keep($0) }, inbound: { try await news.keep($0) })
        provider = SMPP(
            name: "carrier", settings: settings, clock: time.clock,
            news: hasEars ? ears : nil, patience: patience)
        provider.start(log(to: scratch.file("log")))
    }

    /// Hands over a message to a number that ends in `code`, whose code lives for five minutes.
    func send(_ code: String, text: String = "Code: 123456.\n\n@a.example #123456", id: ID = ID()) async
        -> Outcome
    {
        await provider.send(
            OutboundMessage(id: id, to: "+1415555\(code)", text: text, expires: time.now + 300))
    }

    /// The same, without waiting for its end.
    func begin(_ code: String, id: ID = ID()) -> Task<Outcome, Never> {
        Task { await send(code, id: id) }
    }

    func until(_ isSo: @Loop () throws -> Bool, _ location: SourceLocation = #_sourceLocation) async throws {
        try await eventually("what is to become so", location) { try isSo() ? () : nil }
    }
}

extension Outcome {
    /// The id of a message that was taken.
    var providerID: String? { if case .sent(let id) = self { id } else { nil } }
    var isUncertain: Bool { if case .uncertain = self { true } else { false } }
}
