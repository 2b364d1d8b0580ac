import Synchronization
import Wire

/// The names of firms, by slug: kept for some minutes, so that no page waits for one that it has shown before.
final class FirmNames: Sendable {
    private struct Entry {
        let name: String?
        let until: Timestamp
    }

    private let known = Mutex<[String: Entry]>([:])
    private let auth: Client

    /// How long a name is kept, in seconds, and how many: slugs come from the address bar too.
    private static let life = 300
    private static let limit = 1_000

    init(_ auth: Client) { self.auth = auth }

    /// The firm's name; nil where there is no such firm, or nobody to ask.
    func name(of slug: String) async -> String? {
        let now = Timestamp.now
        if let entry = known.withLock({ $0[slug] }), now < entry.until { return entry.name }
        let name: String?
        do {
            name = try await auth.call(Auth.GetFirm(firm: slug), within: 2_000).name
        } catch let refusal as Refusal where refusal.isFor(.noSuchFirm) {
            name = nil
        } catch {
            return nil
        }
        known.withLock { known in
            if known.count >= Self.limit { known.removeAll() }
            known[slug] = Entry(name: name, until: now + Self.life)
        }
        return name
    }
}
