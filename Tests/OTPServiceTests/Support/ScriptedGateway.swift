import Wire

@testable import OTPService

/// SMSGateway as the tests need it: it answers over the wire, keeps what it was told, and refuses what a test says.
@Loop
final class ScriptedGateway {
    private(set) var submitted: [SMS.Submit] = []
    private(set) var verified: [ID] = []
    private(set) var cancelled: [ID] = []
    private var messages: [String: ID] = [:]
    /// What `sms.Submit` is refused with; nil: nothing.
    var refusal: Refusal?
    /// Done after a message was taken and before that is answered.
    var beforeAnswer: (@Loop () async throws -> Void)?

    let server = Server(service: "sms", version: "test")

    init() {
        server.handle(SMS.Submit.self) { [self] request, _ in try await submit(request) }
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
