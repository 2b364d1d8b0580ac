import Storage
import Wire

/// How many clients of a firm are alike in what their state depends on beside the firm's settings.
struct ClientTally: Hashable, Sendable {
    /// Whether a PRO requires 2FA of them, or they chose it.
    let requiredPersonally: Bool
    /// Whether there is a factor to ask for.
    let enrolled: Bool
    let clients: Int
}

extension Database {
    /// The tallies of a firm, four at most. Triggers of the schema keep them.
    func clientTallies(of firm: ID) throws -> [ClientTally] {
        try all("SELECT required_personally, enrolled, clients FROM client_tally WHERE firm = ?1", firm) {
            row in
            ClientTally(requiredPersonally: row.bool(0), enrolled: row.bool(1), clients: row.int(2))
        }
    }
}
