import Wire

/// How far 2FA has come with all clients of the firm: a small chart, and its numbers.
struct Coverage: Equatable {
    let clients: Int
    let active: Int
    let pending: Int
    let off: Int
    /// Those with a factor, whether it is asked for or not.
    let enrolled: Int

    /// Those who would have to set a factor up where one is required.
    var withoutFactor: Int { clients - enrolled }

    /// Asks AuthService, which knows without looking at each client.
    static func count(_ visit: Visit) async throws -> Coverage {
        let counts = try await visit.call(Auth.CountClients(session: visit.session))
        return Coverage(
            clients: counts.clients, active: counts.active, pending: counts.pending, off: counts.off,
            enrolled: counts.enrolled)
    }

    /// The length of the bar, in the units of its drawing.
    private static let length = 1_000

    /// For the template `coverage`: a part for each state, in the same order in the bar and in the legend.
    func view(_ texts: Texts) -> View {
        let states: [(state: Auth.Client.State, count: Int)] = [
            (.active, active), (.pending, pending), (.off, off),
        ]
        var before = 0
        var parts: [View] = []
        for (state, count) in states {
            // Both ends are rounded, not the width, so that no gap opens and the last part ends where the bar does.
            let start = place(before)
            before += count
            parts.append([
                "state": state.rawValue, "label": texts("coverage", state.rawValue), "count": count,
                "start": start,
                "width": place(before) - start,
            ])
        }
        let values = [
            "clients": "\(clients)", "active": "\(active)", "pending": "\(pending)", "off": "\(off)",
            "enrolled": "\(enrolled)",
        ]
        return [
            "any": clients > 0, "length": Self.length, "parts": parts,
            "sentence": texts.counted("coverage", "sentence", clients, values),
            "alternative": texts.counted("coverage", "alternative", clients, values),
        ]
    }

    /// Where the first `count` clients end in the bar.
    private func place(_ count: Int) -> Int {
        clients == 0 ? 0 : (count * Self.length + clients / 2) / clients
    }
}
