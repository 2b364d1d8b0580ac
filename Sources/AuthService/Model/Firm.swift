import Wire

/// A firm and its settings.
struct Firm: Hashable, Sendable {
    let id: ID
    var slug: String
    var name: String
    var created: Timestamp
    var settings: Auth.Settings
}
