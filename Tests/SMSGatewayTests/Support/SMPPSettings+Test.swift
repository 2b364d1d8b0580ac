import ServiceKit

@testable import SMSGateway

extension SMPPSettings {
    /// Settings of the account that the test's SMSCs have.
    static func test(_ more: String = "", port: Int = 2_775, password: String = "secret") -> SMPPSettings {
        do {
            let scratch = try Scratch()
            let file = try scratch.write("\(password)\n", to: "password")
            return try read(file, "\"port\": \(port), \(more)")
        } catch {
            preconditionFailure("\(error)")
        }
    }

    static func read(_ password: String, _ more: String) throws(SettingError) -> SMPPSettings {
        // What a test sets itself stands in place of this.
        let own = [
            "host": #""127.0.0.1""#, "systemID": #""clienthub""#, "source": #""32665""#, "window": "100",
            "rate": "1000",
        ].filter { !more.contains("\"\($0.key)\"") }
        let text = """
            { \(own.map { "\"\($0.key)\": \($0.value)," }.joined()) "password": "\(password)", \(more) }
            """
        return try Settings.read(text: text) { settings throws(SettingError) in
            try SMPPSettings(settings, name: "carrier")
        }
    }
}
