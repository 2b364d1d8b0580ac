import HTTPTypes

/// A page, or an answer to a form: a row of the table that says what there is and who reaches it.
struct Route: Sendable {
    typealias Handler = @Sendable (Visit) async throws -> Answer

    /// Who reaches it.
    enum Access: Sendable {
        /// Whoever `auth.Authorize` lets through. What says nothing else is this.
        case gated
        /// Everybody, whatever the gate says; the handler learns who it is, where that is known.
        case everybody
        /// Programs, and files that tell nothing: no session is looked at, and a body is not a form.
        case machine
    }

    let method: HTTPRequest.Method
    /// With variables in braces: `/clients/{client}`.
    let path: String
    let access: Access
    let handler: Handler

    static func get(_ path: String, for access: Access = .gated, _ handler: @escaping Handler) -> Route {
        Route(method: .get, path: path, access: access, handler: handler)
    }

    static func post(_ path: String, for access: Access = .gated, _ handler: @escaping Handler) -> Route {
        Route(method: .post, path: path, access: access, handler: handler)
    }
}
