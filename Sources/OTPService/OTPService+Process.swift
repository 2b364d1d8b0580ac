import Cryptography
import ServiceKit
import Storage
import Wire

/// OTPService as a process.
extension OTPService: Service {
    nonisolated static var program: Program {
        Program(name: "OTPService", summary: "Keeps second factors and checks their codes.")
    }
    nonisolated static var name: StaticString { "otp" }

    convenience init(_ configuration: OTPConfiguration, log: Log) async throws {
        let store = try OTPStore(
            configuration.service.database, keys: KeyRing(configuration.keys), now: .now)
        if let mismatch = try store.read(at: .now, { try $0.mismatch(of: configuration.keys) }) {
            // With a key that is missing the others still work for what they sealed; a wrong one would seal what the right
            // one could never open.
            guard mismatch.wrong.isEmpty else { throw mismatch }
            log.critical("keys are missing", ["problem": .error(mismatch)])
        }
        let gateway = Gateway(Client(path: configuration.sms))
        self.init(store: store, gateway: gateway, options: configuration.options, log: log)
    }

    func reload(_ configuration: OTPConfiguration) { reload(configuration.options, configuration.keys) }

    func picture() throws -> Picture { try store.picture() }

    var fingerprints: [UInt32: String] { store.keys.keys.fingerprints }
}

@main
enum OTPServiceMain {
    static func main() { ServiceProcess<OTPService>.run() }
}
