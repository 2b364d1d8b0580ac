import Wire

/// The state of somebody's own 2FA, in words.
enum OwnTwoFactor {
    /// Factors, in the order in which they are recommended. Recovery codes stand in for one and are none.
    static let factors: [FactorMethod] = [.authenticator, .sms]

    /// The factors that are enrolled.
    static func enrolled(_ gate: Auth.Gate?) -> [FactorMethod] {
        factors.filter { gate?.methods.contains($0) == true }
    }

    /// `badge` with its class `kind`, a sentence, and who requires it.
    static func view(_ gate: Auth.Gate, _ texts: Texts) -> View {
        let (name, kind) = state(gate)
        var view: View = [
            "badge": texts("ownTwoFactor", "\(name).badge"), "kind": kind,
            "sentence": texts("ownTwoFactor", "\(name).sentence"),
        ]
        if let requirer = gate.requiredBy { view["why"] = texts("ownTwoFactor", "why.\(requirer.rawValue)") }
        return view
    }

    /// The state's name in the catalogue, and the badge's class.
    private static func state(_ gate: Auth.Gate) -> (name: String, kind: String) {
        switch (enrolled: !enrolled(gate).isEmpty, gate.required) {
        case (enrolled: true, true): ("on", "active")
        case (enrolled: true, false): ("dormant", "accent")
        case (enrolled: false, true): ("pending", "pending")
        case (enrolled: false, false): ("off", "off")
        }
    }
}
