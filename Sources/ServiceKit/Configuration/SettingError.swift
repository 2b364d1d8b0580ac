/// A configuration that cannot be used: one line that names the file, the setting and what is wrong.
public struct SettingError: Fatal, Equatable {
    public let file: String
    /// The setting's path, such as `limits.numberPerHour` or `providers[0].kind`; empty where the file itself is wrong.
    public let key: String
    public let problem: String
    /// Whether the setting is required and absent: what ``Settings/optional(_:)`` lets pass.
    let isMissing: Bool

    init(file: String, key: String, problem: String, isMissing: Bool = false) {
        self.file = file
        self.key = key
        self.problem = problem
        self.isMissing = isMissing
    }

    public var description: String {
        escapingControls(key.isEmpty ? "\(file): \(problem)" : "\(file): \(key): \(problem)")
    }

    public var exit: Exit { .config }
}
