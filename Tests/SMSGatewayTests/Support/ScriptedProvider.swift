import Synchronization
import Wire

@testable import SMSGateway

/// A provider that answers what a test tells it to, and remembers what it was given.
final class ScriptedProvider: Provider {
    let name: String
    let kind = "scripted"
    private let state: Mutex<State>

    private struct State {
        var answer: @Sendable (OutboundMessage) async -> Outcome
        var taken: [OutboundMessage] = []
        var busy = 0
        var busiest = 0
        var numbers: Set<String> = []
        var overlapped = false
    }

    /// Takes every message, unless told otherwise.
    init(
        _ name: String = "a",
        _ answer: @escaping @Sendable (OutboundMessage) async -> Outcome = { _ in .sent(providerID: nil) }
    ) {
        self.name = name
        state = Mutex(State(answer: answer))
    }

    func send(_ message: OutboundMessage) async -> Outcome {
        let answer = state.withLock { state in
            state.taken.append(message)
            state.busy += 1
            state.busiest = max(state.busiest, state.busy)
            state.overlapped = state.overlapped || !state.numbers.insert(message.to).inserted
            return state.answer
        }
        let outcome = await answer(message)
        state.withLock {
            $0.busy -= 1
            $0.numbers.remove(message.to)
        }
        return outcome
    }

    /// What it was given, in that order.
    var taken: [OutboundMessage] { state.withLock { $0.taken } }
    /// The most that were on their way to it at once.
    var busiest: Int { state.withLock { $0.busiest } }
    /// Whether two to one number were on their way at once.
    var overlapped: Bool { state.withLock { $0.overlapped } }

    func answer(_ answer: @escaping @Sendable (OutboundMessage) async -> Outcome) {
        state.withLock { $0.answer = answer }
    }
}

/// Lets tasks wait until a test opens it.
@Loop
final class Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    nonisolated init() {}

    func pass() async {
        guard !isOpen else { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    func open() {
        isOpen = true
        for one in waiting { one.resume() }
        waiting = []
    }
}
