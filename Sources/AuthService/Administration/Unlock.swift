import ServiceKit
import Storage
import Wire

extension AuthService {
    /// Ends a client's lockout: of the password at once, of codes once OTPService has heard. While it is out of reach,
    /// the answer's `lockedUntil` goes on to say that codes are locked.
    func unlockClient(_ request: Auth.UnlockClient, by pro: Visitor, for caller: Caller) async throws
        -> Auth.Client
    {
        let person = try store.read { try $0.client(request.client, of: pro.firm.id) }
        let isHeard = await unlockCodes(of: person.id, for: caller)
        let client = try await store.write { database in
            guard let firm = try database.firm(pro.firm.id) else { throw Refusal(.noSession) }
            var person = try database.client(request.client, of: firm.id)
            try database.clearTries(account: AttemptKey.account(firm: firm.slug, email: person.email))
            if isHeard { person = try database.change(person.id) { $0.codesLockedUntil = nil } }
            try database.record(
                pro.event(.clientUnlocked, about: person.id, ["codes": isHeard ? "yes" : "no"]))
            return try database.entry(of: person, firm, at: pro.now)
        }
        changed(person: client.id)
        return client
    }

    /// Milliseconds that OTPService gets of the caller's time: the password is unlocked in any case.
    private nonisolated static let patience = 2_000

    /// - Returns: whether OTPService did.
    private func unlockCodes(of person: ID, for caller: Caller) async -> Bool {
        do {
            let milliseconds = min(Self.patience, caller.deadline.millisecondsLeft)
            try await turns.take(person) { [otp] in
                _ = try await otp.call(OTP.Unlock(subject: person), within: milliseconds)
            }
            return true
        } catch {
            log.warning("codes could not be unlocked", ["person": .id(person), "problem": .error(error)])
            return false
        }
    }
}
