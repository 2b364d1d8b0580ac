import Wire

/// Whether a session may open a page: the gate's state and the path, put together.
///
/// It never asks for a step-up: pages only show, and the calls that change something ask for a fresh proof themselves
/// (``CallPolicy``), so a PRO need not prove anything to look at the settings.
enum PagePolicy {
    static func decide(_ path: PathPolicy.Kind, _ gate: Auth.Gate.State, _ role: Auth.Role) -> Auth.Decision {
        switch (gate, path, role) {
        case (.setUp, .alwaysOpen, _), (.verify, .alwaysOpen, _): .allow
        case (.setUp, _, _): .setUp
        case (.verify, _, _): .verify
        case (.open, .unclear, _): .forbid
        case (.open, .staff, .client): .forbid
        case (.open, .staff, .owner), (.open, .staff, .pro): .allow
        case (.open, .alwaysOpen, _), (.open, .other, _): .allow
        }
    }
}
