import Glibc

extension Settings {
    /// Makes a configuration of the file at `file` by `read`, and refuses what `read` did not ask for.
    public static func read<Configuration>(
        _ file: String, _ read: (Settings) throws(SettingError) -> Configuration
    ) throws(SettingError) -> Configuration {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try contents(of: file, limit: 1 << 20)
        } catch {
            throw SettingError(file: file, key: "", problem: error.description)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SettingError(file: file, key: "", problem: "is not UTF-8 text")
        }
        return try Settings.read(
            text: text, file: file, credentials: environment("CREDENTIALS_DIRECTORY"), read)
    }

    /// The same for a text that is at hand. Errors name `file`, and relative paths begin at its directory; `credentials` is
    /// the directory that systemd put this service's secrets in.
    public static func read<Configuration>(
        text: String, file: String = "settings.json", credentials: String? = nil,
        _ read: (Settings) throws(SettingError) -> Configuration
    ) throws(SettingError) -> Configuration {
        let document: JSON
        do throws(JSONParser.Mistake) {
            document = try JSONParser.parse(text)
        } catch {
            throw SettingError(file: file, key: "", problem: error.description)
        }
        guard case .object(let members) = document else {
            throw SettingError(file: file, key: "", problem: "expected an object, found \(document.shown)")
        }
        let settings = Settings(SettingSource(file: file, credentials: credentials), members: members)
        let configuration = try read(settings)
        if let error = settings.unknown() { throw error }
        return configuration
    }
}
