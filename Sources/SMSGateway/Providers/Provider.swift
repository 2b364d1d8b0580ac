import ServiceKit
import Wire

/// A way out for messages: a carrier, or a folder.
///
/// `send` hands over one message once and tells what is known of it. It must never answer
/// ``Outcome/retry(after:reason:)``, ``Outcome/otherRoute(reason:)`` or ``Outcome/configuration(reason:)``
/// where the message may have been taken: those three let it be sent again. What is not certain is
/// ``Outcome/uncertain(reason:)``. It runs on the loop, so whatever blocks in it must go to a thread of its
/// own. It may take long: the courier stops waiting by itself.
protocol Provider: Sendable {
    /// The operator's name for it, unique among the providers.
    var name: String { get }
    /// What it is, such as `outbox`.
    var kind: String { get }

    func send(_ message: OutboundMessage) async -> Outcome

    /// The gateway begins to work: a provider that keeps up a connection opens it.
    @Loop func start(_ log: Log)
    /// The gateway ends. Nothing is sent any more.
    @Loop func stop() async
    /// Adds what there is to measure beside what every route has.
    @Loop func measure(_ metrics: Metrics)
    /// Why it takes no messages now, as a sentence; nil where it does, as far as it knows.
    @Loop var trouble: String? { get }
}

/// What a provider does that keeps up no connection.
extension Provider {
    func start(_ log: Log) {}
    func stop() async {}
    func measure(_ metrics: Metrics) {}
    var trouble: String? { nil }
}

/// A message on its way to a provider. Printing it tells its id alone.
struct OutboundMessage: Sendable {
    /// Ours; a provider that can carry it along makes a lost answer findable by it.
    let id: ID
    /// E.164.
    let to: String
    let text: String
    /// When the code ends: where a provider has a queue of its own, the message must not stay in it for
    /// longer.
    let expires: Timestamp
}

extension OutboundMessage: CustomStringConvertible, CustomReflectable {
    var description: String { "message \(id)" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
