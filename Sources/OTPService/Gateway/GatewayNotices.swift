import Wire

/// Tells SMSGateway what became of its messages, after the answer that it follows from: at most once each, and not at all
/// while the gateway is out of reach. Nothing depends on it but money: a code that was called back is refused anyway.
@Loop
final class GatewayNotices {
    enum Notice: Hashable, Sendable {
        /// The code was used: what the guard against pumping learns from.
        case verified(ID)
        /// Do not send it any more.
        case cancel(ID)
    }

    /// Notices on their way at a time; more are dropped.
    private let most: Int
    private let gateway: Gateway
    private(set) var inFlight = 0
    private(set) var dropped: UInt64 = 0
    private var idle: [CheckedContinuation<Void, Never>] = []

    init(_ gateway: Gateway, most: Int = 1_000) {
        self.gateway = gateway
        self.most = most
    }

    func send(_ notices: [Notice]) {
        for notice in notices { send(notice) }
    }

    private func send(_ notice: Notice) {
        guard inFlight < most else {
            dropped += 1
            return
        }
        inFlight += 1
        Task { @Loop in
            do {
                switch notice {
                case .verified(let message): try await gateway.verified(message)
                case .cancel(let message): try await gateway.cancel(message)
                }
            } catch {
                dropped += 1
            }
            inFlight -= 1
            guard inFlight == 0 else { return }
            for waiting in idle { waiting.resume() }
            idle = []
        }
    }

    /// Waits until none is on its way.
    func finish() async {
        guard inFlight > 0 else { return }
        await withCheckedContinuation { idle.append($0) }
    }
}
