import Wire

/// OTPService as the tests need it: it keeps factors in memory, takes one code, and fails as it is told.
@Loop final class FakeOTP {
    let server = Server(service: "otp", version: "test")

    /// The code that is right, for every factor and every purpose; recovery codes too.
    nonisolated static let code = "123456"
    nonisolated static let wrongCode = "654321"
    nonisolated static let phone = "•••• ••71"

    private(set) var confirmed: [ID: Set<FactorMethod>] = [:]
    private(set) var begun: [ID: Set<FactorMethod>] = [:]
    private(set) var recoveryLeft: [ID: Int] = [:]
    /// The calls it got, by their last name, in their order.
    private(set) var calls: [String] = []
    private(set) var purposes: [Purpose?] = []
    private(set) var languages: [Language?] = []

    /// How far codes have come.
    var deliveries: [ID: OTP.Delivery.Reply] = [:]

    /// As if nobody listened: nothing is done and every call fails.
    var isDown = false
    /// Calls that fail for these reasons, before anything is done.
    var refusals: [String: Refusal] = [:]
    /// Calls whose answer is lost: they are done, and the caller does not hear of it.
    var losesAnswers: Set<String> = []
    /// Calls that wait, done, with their answer until ``release()``.
    var holds: Set<String> = []
    private var held: [CheckedContinuation<Void, Never>] = []

    /// It lives as long as the tests: a call may still be on its way when one ends.
    init() {
        on(OTP.Begin.self) { [self] request in
            begun[request.subject, default: []].insert(request.method)
            languages.append(request.language)
            return OTP.Begin.Reply(
                secret: request.method == .authenticator ? "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" : nil,
                uri: request.method == .authenticator ? "otpauth://totp/x" : nil,
                phone: request.method == .sms ? Self.phone : nil, expires: .now + 300)
        }
        on(OTP.Confirm.self) { [self] request in
            guard begun[request.subject]?.contains(request.method) == true else { throw Refusal(.notBegun) }
            guard request.code == Self.code else { throw Refusal(.wrongCode, attemptsLeft: 4) }
            begun[request.subject]?.remove(request.method)
            let isFirst = confirmed[request.subject, default: []].isEmpty
            confirmed[request.subject, default: []].insert(request.method)
            if isFirst { recoveryLeft[request.subject] = 10 }
            return OTP.Confirm.Reply(
                methods: methods(request.subject),
                recoveryCodes: isFirst ? (0..<10).map { "AAAA-BBBB-CCCC-000\($0)" } : nil)
        }
        on(OTP.Send.self) { [self] request in
            purposes.append(request.purpose)
            guard confirmed[request.subject]?.contains(.sms) == true else { throw Refusal(.notSetUp) }
            languages.append(request.language)
            return OTP.Send.Reply(phone: Self.phone, resendAfter: 30, expires: .now + 300)
        }
        on(OTP.Delivery.self) { [self] request in
            guard let delivery = deliveries[request.subject] else { throw Refusal(.notBegun) }
            return delivery
        }
        on(OTP.Verify.self) { [self] request in
            purposes.append(request.purpose)
            guard methods(request.subject).contains(request.method) else { throw Refusal(.notSetUp) }
            guard request.code == Self.code else { throw Refusal(.wrongCode, attemptsLeft: 4) }
            if request.method == .recovery { recoveryLeft[request.subject, default: 1] -= 1 }
            return OTP.Verify.Reply(
                method: request.method,
                recoveryLeft: request.method == .recovery ? recoveryLeft[request.subject] : nil)
        }
        on(OTP.Methods.self) { [self] request in
            OTP.Methods.Reply(
                methods: methods(request.subject),
                phone: confirmed[request.subject]?.contains(.sms) == true ? Self.phone : nil,
                recoveryLeft: recoveryLeft[request.subject] ?? 0)
        }
        on(OTP.Remove.self) { [self] request in
            confirmed[request.subject]?.remove(request.method)
            return Nothing()
        }
        on(OTP.Reset.self) { [self] request in
            confirmed[request.subject] = nil
            begun[request.subject] = nil
            recoveryLeft[request.subject] = nil
            return Nothing()
        }
        on(OTP.Unlock.self) { _ in Nothing() }
        on(OTP.NewRecoveryCodes.self) { [self] request in
            recoveryLeft[request.subject] = 10
            return OTP.NewRecoveryCodes.Reply(recoveryCodes: (0..<10).map { "DDDD-EEEE-FFFF-000\($0)" })
        }
    }

    /// How often a call was made.
    func count(_ call: String) -> Int { calls.count { $0 == call } }

    /// Loses all that it knows of a person, as an old backup would.
    func forget(_ person: ID) {
        confirmed[person] = nil
        recoveryLeft[person] = nil
    }

    func setRecoveryLeft(_ count: Int, of person: ID) { recoveryLeft[person] = count }

    /// Whether an answer is being held back.
    var isHolding: Bool { !held.isEmpty }

    /// Lets the answers out that are held back, and holds no more.
    func release() {
        holds = []
        for answer in held { answer.resume() }
        held = []
    }

    private func methods(_ subject: ID) -> [FactorMethod] {
        var methods = confirmed[subject, default: []]
        if recoveryLeft[subject, default: 0] > 0, !methods.isEmpty { methods.insert(.recovery) }
        return FactorMethod.allCases.filter { methods.contains($0) }
    }

    private func on<C: Call>(_ call: C.Type, _ body: @escaping @Loop (C) throws -> C.Reply) {
        let name = String(C.method.split(separator: ".")[1])
        server.handle(call) { [self] request, _ async throws in
            guard !isDown else { throw Refusal(.unreachable) }
            calls.append(name)
            if let refusal = refusals[name] { throw refusal }
            let reply = try body(request)
            if holds.contains(name) { await withCheckedContinuation { held.append($0) } }
            if losesAnswers.contains(name) { throw Refusal(.unreachable) }
            return reply
        }
    }
}
