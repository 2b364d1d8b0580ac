/// The settings that every service has.
public struct CommonSettings: Sendable, Equatable {
    /// The least of what is logged. SIGHUP changes it.
    public let level: LogLevel

    public init(_ settings: Settings) throws(SettingError) {
        level = try settings.choice(
            "log.level", default: .info,
            meaning: "The least that is logged; SIGHUP changes it without a restart.")
    }
}
