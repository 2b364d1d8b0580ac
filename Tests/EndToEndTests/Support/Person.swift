import Testing

@testable import Wire

/// Somebody with a browser and a phone: an address and a password, the token of the session that is open, and the factors.
@Loop
final class Person {
    let stack: Stack
    /// The firm's slug.
    let firm: String
    let id: ID
    let email: String
    private(set) var password: String
    /// The token that the browser holds.
    private(set) var session = ""
    /// The token of the device, if it is trusted.
    private(set) var device: String?
    private(set) var authenticator: Authenticator?
    private(set) var phone: String?
    /// How many text messages the phone has shown.
    private var textsRead = 0
    private(set) var recoveryCodes: [String] = []

    init(_ stack: Stack, firm: String, id: ID, email: String, password: String) {
        self.stack = stack
        self.firm = firm
        self.id = id
        self.email = email
        self.password = password
        stack.secrets.note(password)
    }

    /// Takes a session that was given: a token is as good as a password while it lives.
    @discardableResult
    func take(_ token: String) -> String {
        stack.secrets.note(token)
        session = token
        return token
    }

    func call<C: Call>(_ call: C) async throws -> C.Reply {
        try await stack.auth.client.call(call, within: 30_000)
    }

    // MARK: sessions

    @discardableResult
    func logIn(device: String? = nil) async throws -> Auth.LogIn.Reply {
        let reply = try await call(
            Auth.LogIn(
                firm: firm, email: email, password: password, device: device, address: "192.0.2.7",
                agent: "Firefox"))
        take(reply.session)
        return reply
    }

    func authorize(_ path: String = "/documents", by token: String? = nil) async throws
        -> Auth.Authorize.Reply
    {
        try await call(Auth.Authorize(session: token ?? session, path: path))
    }

    func decision(_ path: String = "/documents", by token: String? = nil) async throws -> Auth.Decision {
        try await authorize(path, by: token).decision
    }

    func changePassword(to new: String) async throws {
        stack.secrets.note(new)
        take(try await call(Auth.ChangePassword(session: session, current: password, new: new)).session)
        password = new
    }

    // MARK: set-up

    @discardableResult
    func setUpAuthenticator() async throws -> Auth.ConfirmSetUp.Reply {
        let begun = try await call(Auth.BeginSetUp(session: session, method: .authenticator))
        let authenticator = Authenticator(try #require(begun.secret), stack.secrets)
        self.authenticator = authenticator
        return try await confirm(.authenticator, try await authenticator.code())
    }

    @discardableResult
    func setUpSMS() async throws -> Auth.ConfirmSetUp.Reply {
        let phone = stack.phone()
        self.phone = phone
        textsRead = 0
        _ = try await call(Auth.BeginSetUp(session: session, method: .sms, phone: phone))
        return try await confirm(.sms, try await readText())
    }

    func confirm(_ method: FactorMethod, _ code: String) async throws -> Auth.ConfirmSetUp.Reply {
        let reply = try await call(Auth.ConfirmSetUp(session: session, method: method, code: code))
        take(reply.session)
        if let codes = reply.recoveryCodes { take(codes: codes) }
        return reply
    }

    func take(codes: [String]) {
        for code in codes { stack.secrets.note(recovery: code) }
        recoveryCodes = codes
    }

    // MARK: codes

    /// A code that is good now.
    func code(_ method: FactorMethod) async throws -> String {
        switch method {
        case .authenticator: return try await #require(authenticator).code()
        case .recovery: return recoveryCodes.removeLast()
        case .sms:
            _ = try await call(Auth.SendCode(session: session))
            return try await readText()
        }
    }

    /// The code of the next text message.
    func readText() async throws -> String {
        let code = try await stack.code(sentTo: #require(phone), after: textsRead)
        textsRead += 1
        return code
    }

    @discardableResult
    func verify(_ method: FactorMethod, trustDevice: Bool? = nil) async throws -> Auth.Verify.Reply {
        try await verify(method, try await code(method), trustDevice: trustDevice)
    }

    @discardableResult
    func verify(
        _ method: FactorMethod, _ code: String, trustDevice: Bool? = nil
    ) async throws -> Auth.Verify.Reply {
        let reply = try await call(
            Auth.Verify(session: session, method: method, code: code, trustDevice: trustDevice))
        take(reply.session)
        if let device = reply.device {
            stack.secrets.note(device)
            self.device = device
        }
        return reply
    }

    func stepUp(_ method: FactorMethod) async throws {
        let code = try await code(method)
        take(try await call(Auth.StepUp(session: session, method: method, code: code)).session)
    }
}
