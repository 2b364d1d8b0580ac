import Wire

extension OTPService {
    /// Proves a new factor with its first code, which is used by that.
    func confirm(_ request: OTP.Confirm) async throws -> OTP.Confirm.Reply {
        let method = request.method
        guard method != .recovery else { throw Self.noFactor }
        let verdict = try await store.write(at: clock()) { work in
            try work.confirm(method, request.code, of: request.subject)
        }
        let confirmation = try counted(verdict, method, of: request.subject)
        notices.send(confirmation.notices)
        return OTP.Confirm.Reply(
            methods: confirmation.methods, recoveryCodes: confirmation.recoveryCodes)
    }
}
