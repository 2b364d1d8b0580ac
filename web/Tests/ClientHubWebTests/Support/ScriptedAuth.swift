import Testing
import Wire

@testable import ClientHubWeb

/// AuthService as a test wants it: over a real connection, with answers that the test gives.
@Loop final class ScriptedAuth {
    let server = Server(service: "auth", version: "0.0.0")
    /// What ``Auth/Authorize`` says of every session that is not empty.
    var gate = Auth.Gate(
        state: .open, required: false, requiredBy: nil, methods: [], deferred: false, offer: false)
    var actor = Auth.Actor(
        id: ID(now: .now), role: .client, name: "Carla <b>Client</b>", email: "carla@demo.example",
        firm: "demo")
    /// What the gate decides whatever is asked; nil: as ``gate`` has it.
    var decision: Auth.Decision?
    private var calls: [any Call] = []

    init(_ gate: Auth.Gate? = nil, role: Auth.Role = .client) {
        if let gate { self.gate = gate }
        actor.role = role
        answer(Auth.Authorize.self) { [unowned self] call in
            guard !call.session.isEmpty else { return Auth.Authorize.Reply(decision: .logIn) }
            if let decision {
                return Auth.Authorize.Reply(decision: decision, actor: self.actor, gate: self.gate)
            }
            let isOpen = self.gate.state == .open || call.path.hasPrefix("/two-factor")
            return Auth.Authorize.Reply(
                decision: isOpen ? .allow : self.gate.state == .verify ? .verify : .setUp, actor: self.actor,
                gate: self.gate)
        }
    }

    /// Has calls of a kind answered by `body`. It is given once for a kind.
    func answer<C: Call>(_ kind: C.Type, _ body: @escaping @Loop (C) throws -> C.Reply) {
        server.handle(kind) { [unowned self] call, _ in
            calls.append(call)
            return try body(call)
        }
    }

    /// Refuses the first so many calls of a kind, and then answers them.
    func refuse<C: Call>(_ kind: C.Type, _ refusal: Refusal, times: Int = .max, then reply: C.Reply? = nil) {
        var left = times
        answer(kind) { _ in
            guard left == 0, let reply else {
                left -= 1
                throw refusal
            }
            return reply
        }
    }

    /// The calls of a kind that were made, in their order.
    func made<C: Call>(_ kind: C.Type) -> [C] { calls.compactMap { $0 as? C } }

    /// Whether exactly these calls of their kind were made, in this order.
    func got<C: Call>(_ expected: [C]) -> Bool {
        made(C.self).map { "\($0)" } == expected.map { "\($0)" }
    }

    /// What was called, but for the gate.
    var methods: [String] { calls.map { type(of: $0).method }.filter { $0 != Auth.Authorize.method } }
}

extension Auth.Gate {
    /// An open gate of somebody with these methods.
    static func open(
        _ methods: [FactorMethod] = [], requiredBy: Auth.Requirer? = nil, deferred: Bool = false,
        offer: Bool = false
    ) -> Auth.Gate {
        Auth.Gate(
            state: .open, required: requiredBy != nil, requiredBy: requiredBy, methods: methods,
            phone: methods.contains(.sms) ? "•••• ••71" : nil, deferred: deferred, offer: offer)
    }
}
