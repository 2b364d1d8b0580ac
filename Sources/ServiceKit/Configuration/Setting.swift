/// A setting as documentation shows it: one row of `docs/operations.md`.
public struct Setting: Sendable, Hashable {
    /// The dotted path; a list's items are `providers[].name`.
    public let name: String
    /// The default as it would stand in the file, "required" where there is none, "none" where it may be left out.
    public let fallback: String
    /// What it may be, such as "a whole number from 1 to 1000".
    public let bounds: String
    /// What it does, in a sentence.
    public let meaning: String
}

/// What a reading of one file shares between the objects of its tree.
final class SettingSource {
    let file: String
    /// systemd's directory with the secrets of this service, where it gave any.
    let credentials: String?
    private(set) var rows: [Setting] = []
    /// Set while ``Settings/optional(_:)`` asks.
    var isOptional = false
    /// How many settings have been asked for.
    private(set) var asked = 0

    init(file: String, credentials: String?) {
        self.file = file
        self.credentials = credentials
    }

    /// Notes that a setting was asked for. The items of a list ask the same again: one row stands for them all.
    func note(_ name: String, fallback: String?, bounds: String, meaning: String) {
        asked += 1
        let row = Setting(
            name: name, fallback: fallback ?? (isOptional ? "none" : "required"), bounds: bounds,
            meaning: meaning)
        if !rows.contains(row) { rows.append(row) }
    }

    /// `path` itself where it is absolute, else taken from the configuration's own directory.
    func resolve(_ path: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + path
    }
}
