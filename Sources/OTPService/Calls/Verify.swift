import Wire

extension OTPService {
    /// Is this code the subject's, now? The answer follows the commit that lets it be used no more.
    func verify(_ request: OTP.Verify) async throws -> OTP.Verify.Reply {
        let purpose = try Self.purpose(request.purpose)
        let verdict = try await store.write(at: clock()) { work in
            switch request.method {
            case .authenticator: try work.verifyAuthenticator(request.code, of: request.subject)
            case .sms: try work.verifySMS(request.code, of: request.subject, purpose)
            case .recovery: try work.verifyRecovery(request.code, of: request.subject)
            }
        }
        let used = try counted(verdict, request.method, of: request.subject)
        notices.send(used.notices)
        return OTP.Verify.Reply(method: request.method, recoveryLeft: used.recoveryLeft)
    }
}
