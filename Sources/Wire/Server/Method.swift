/// A method as the server keeps it: who may call it, and what is done.
@Loop
final class Method {
    let name: String
    let peers: Peers
    let metrics: CallMetrics
    let description: @Sendable () -> Common.Describe.Method
    let handler: Handler

    /// How a method answers, which its handler's signature decides.
    enum Handler {
        /// At once, on the loop: decodes the body, does the work and appends the answer's body.
        case inline((Document, Document.Node?, Caller, MessageWriter) throws -> Void)
        /// Later: decodes the body and gives the work, a task on the loop, which gives what appends the answer's body.
        case later(mayChange: Bool, (Document, Document.Node?) throws(BadField) -> Work)
    }

    typealias Work = @Loop (Caller) async throws -> Answer
    typealias Answer = @Loop (MessageWriter) throws(Unencodable) -> Void

    init<C: Call>(_ call: C.Type, peers: Peers, metrics: CallMetrics, handler: Handler) {
        name = C.method
        self.peers = peers
        self.metrics = metrics
        self.handler = handler
        description = {
            Common.Describe.Method(
                name: C.method, summary: C.summary, request: Schema(describing: C.self),
                answer: Schema(describing: C.Reply.self),
                reasons: C.reasons.map(Common.Describe.ReasonEntry.init))
        }
    }
}
