import Wire

@testable import OTPService

/// SMSGateway as the tests need it: it answers over the wire, keeps what it was told, and refuses what a test says.
@Loop
final class ScriptedGateway {
    private(set) var submitted: [SMS.Submit] = []
    private(set) var verified: [ID] = []
    private(set) var cancelled: [ID] = []
    private var messages: [String: ID] = [:]
    /// How far messages have come that are not queued.
    private var statuses: [ID: (state: SMS.MessageState, error: String?)] = [:]
    /// How often `sms.Status` was asked.
    private(set) var asked = 0
    /// What `sms.Status` is refused with; nil: nothing.
    var statusRefusal: Refusal?
    /// What `sms.Submit` is refused with; nil: nothing.
    var refusal: Refusal?
    /// Done after a message was taken and before that is answered.
    var beforeAnswer: (@Loop () async throws -> Void)?

    let server = Server(service: "sms", version: "test")

    init() {
        server.handle(SMS.Submit.self) { [self] request, _ in try await submit(request) }
        server.handle(SMS.Status.self) { [self] request, _ in try status(request) }
        server.handle(SMS.Verified.self) { [self] request, _ in
            verified.append(request.message)
            return Nothing()
        }
        server.handle(SMS.Cancel.self) { [self] request, _ in
            cancelled.append(request.message)
            return SMS.Cancel.Reply(state: .cancelled)
        }
    }

    /// The codes that went out, one for each key.
    var sent: [SMS.Submit] {
        var keys: Set<String> = []
        return submitted.filter { keys.insert($0.key).inserted }
    }

    /// The code of the last message; an empty text where there was none.
    var code: String { submitted.last?.code ?? "" }

    /// What the message with the code of `submit` is called.
    func message(of submit: SMS.Submit) -> ID? { messages[submit.key] }

    /// Says how far the last message has come.
    func report(_ state: SMS.MessageState, _ error: String? = nil) {
        guard let last = submitted.last, let message = messages[last.key] else { return }
        statuses[message] = (state, error)
    }

    private func status(_ request: SMS.Status) throws -> SMS.Status.Reply {
        asked += 1
        if let statusRefusal { throw statusRefusal }
        guard messages.values.contains(request.message) else { throw Refusal(.noSuchMessage) }
        let status = statuses[request.message] ?? (.queued, nil)
        return SMS.Status.Reply(
            message: request.message, state: status.state, attempts: 1, error: status.error, updated: .now)
    }

    private func submit(_ request: SMS.Submit) async throws -> SMS.Submit.Reply {
        if let refusal { throw refusal }
        submitted.append(request)
        let known = messages[request.key]
        let message = known ?? ID()
        messages[request.key] = message
        try await beforeAnswer?()
        return SMS.Submit.Reply(message: message, state: .queued, duplicate: known != nil)
    }
}
