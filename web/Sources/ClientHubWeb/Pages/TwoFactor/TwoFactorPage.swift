import Wire

/// `/two-factor`: leads to what the gate wants, for whoever does not know.
enum TwoFactorPage {
    static let routes: [Route] = [
        .get("/two-factor") { visit in
            switch visit.gate?.state {
            case .setUp: .redirect(to: LocalPath("/two-factor/set-up").then(visit.next))
            case .verify: .redirect(to: LocalPath("/two-factor/verify").then(visit.next))
            case .open, nil:
                .redirect(to: visit.next == .home && visit.isPro ? LocalPath("/clients") : visit.next)
            }
        }
    ]
}
