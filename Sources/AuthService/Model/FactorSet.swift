import Wire

/// Which factors a person has confirmed. OTPService keeps the factors themselves; this set is AuthService's own, committed
/// copy, so that the gate never has to ask another process.
struct FactorSet: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    static let authenticator = FactorSet(rawValue: 1)
    static let sms = FactorSet(rawValue: 2)
    /// Recovery codes are left. They stand in for a factor and are none themselves.
    static let recovery = FactorSet(rawValue: 4)

    init(rawValue: UInt8) { self.rawValue = rawValue & 7 }

    init(_ method: FactorMethod) {
        switch method {
        case .authenticator: self = .authenticator
        case .sms: self = .sms
        case .recovery: self = .recovery
        }
    }

    init(_ methods: [FactorMethod]) {
        self = methods.reduce(into: []) { $0.formUnion(FactorSet($1)) }
    }

    /// Whether there is a factor to ask for.
    var isEnrolled: Bool { !isDisjoint(with: [.authenticator, .sms]) }

    /// As the wire lists them. No array is made for it: `Authorize` asks on every page.
    var methods: [FactorMethod] { Self.lists[Int(rawValue)] }

    private static let lists: [[FactorMethod]] = (0..<8).map { bits in
        FactorMethod.allCases.filter { FactorSet(rawValue: bits).contains(FactorSet($0)) }
    }
}
