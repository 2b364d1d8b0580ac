import Wire

extension Auth.Decision {
    /// The page that helps with what the gate asks for, from which the visitor then goes on to `back`; nil where there is
    /// nothing to be done about it.
    func place(then back: LocalPath) -> LocalPath? {
        switch self {
        case .logIn: LocalPath("/log-in").then(back)
        case .setUp: LocalPath("/two-factor/set-up").then(back)
        case .verify: LocalPath("/two-factor/verify").then(back)
        case .stepUp: LocalPath("/two-factor/step-up").then(back)
        case .allow, .forbid: nil
        }
    }
}
