import Wire

/// Somebody who logs in: an owner, a PRO or a client of one firm. The password's hash is no part of it.
struct Person: Hashable, Sendable {
    let id: ID
    let firm: ID
    var role: Auth.Role
    var name: String
    /// As it was given; people are found by ``EmailAddress/key``.
    var email: String
    var created: Timestamp

    /// A PRO required 2FA of this client.
    var requiredByPro = false
    /// The person set up 2FA without being asked to.
    var requiredBySelf = false
    /// "Not now" to the offer; an override takes it back.
    var declined = false

    var factors: FactorSet = []
    /// Where text messages go to, masked; the number itself is OTPService's.
    var phone: String?
    /// When the first of ``factors`` was confirmed.
    var enrolledAt: Timestamp?
    /// Grows whenever all factors end. What was begun with OTPService in an older epoch counts for nothing.
    var epoch = 0

    var overriddenAt: Timestamp?
    /// The name of who did it.
    var overriddenBy: String?

    var lastLogIn: Timestamp?
    /// Until when OTPService takes no more codes, ``Timestamp/untilHelped`` where a PRO must help; for the PRO who is asked.
    var codesLockedUntil: Timestamp?

    var isStaff: Bool { role != .client }

    /// All factors end, and with them the choice of one's own that they were made for.
    mutating func voidFactors() {
        factors = []
        phone = nil
        enrolledAt = nil
        requiredBySelf = false
        epoch += 1
    }
}

extension Timestamp {
    /// The end of a lockout that time does not end: the last second of the year 9999, the last that RFC 3339 can tell.
    static let untilHelped = Timestamp(milliseconds: 253_402_300_799_000)
}
