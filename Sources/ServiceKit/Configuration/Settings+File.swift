import Glibc

extension Settings {
    /// Makes a configuration of the file at `file` by `read`, and refuses what `read` did not ask for.
    public static func read<Configuration>(
        _ file: String, _ read: (Settings) throws(SettingError) -> Configuration
    ) throws(SettingError) -> Configuration {
        try Settings.read(
            text: text(of: file), file: file, credentials: environment("CREDENTIALS_DIRECTORY"), read)
    }

    /// Looks up some settings of another program's file at `file`: what `read` does not ask for is none of the caller's
    /// business.
    public static func look<Found>(
        into file: String, _ read: (Settings) throws(SettingError) -> Found
    ) throws(SettingError) -> Found {
        try read(parse(text(of: file), file: file, credentials: nil))
    }

    private static func text(of file: String) throws(SettingError) -> String {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try contents(of: file, limit: 1 << 20)
        } catch {
            throw SettingError(file: file, key: "", problem: error.description)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SettingError(file: file, key: "", problem: "is not UTF-8 text")
        }
        return text
    }

    /// The same for a text that is at hand. Errors name `file`, and relative paths begin at its directory; `credentials` is
    /// the directory that systemd put this service's secrets in.
    public static func read<Configuration>(
        text: String, file: String = "settings.json", credentials: String? = nil,
        _ read: (Settings) throws(SettingError) -> Configuration
    ) throws(SettingError) -> Configuration {
        let settings = try parse(text, file: file, credentials: credentials)
        let configuration = try read(settings)
        if let error = settings.unknown() { throw error }
        return configuration
    }

    private static func parse(
        _ text: String, file: String, credentials: String?
    ) throws(SettingError) -> Settings {
        let document: JSON
        do throws(JSONParser.Mistake) {
            document = try JSONParser.parse(text)
        } catch {
            throw SettingError(file: file, key: "", problem: error.description)
        }
        guard case .object(let members) = document else {
            throw SettingError(file: file, key: "", problem: "expected an object, found \(document.shown)")
        }
        return Settings(SettingSource(file: file, credentials: credentials), members: members)
    }
}
