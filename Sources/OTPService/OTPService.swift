import Cryptography
import ServiceKit
import Storage
import Wire

/// Knows who has which factor, and whether a code is theirs, now.
///
/// It holds no state but its database: each method decides in one transaction (``Transaction``), and answers once that is
/// on disk.
@Loop
final class OTPService {
    let store: OTPStore
    let gateway: Gateway
    let notices: GatewayNotices
    let resealer: Resealer
    let housekeeping: Housekeeping
    let tally = Tally()
    let clock: () -> Timestamp
    let log: Log
    private(set) var options: OTPOptions

    init(
        store: OTPStore, gateway: Gateway, options: OTPOptions = OTPOptions(), log: Log,
        clock: @escaping () -> Timestamp = { .now }
    ) {
        self.store = store
        self.gateway = gateway
        self.options = options
        self.log = log
        self.clock = clock
        notices = GatewayNotices(gateway)
        resealer = Resealer(store, clock: clock, log: log)
        housekeeping = Housekeeping(store, clock: clock, log: log)
    }

    func register(on server: Server) {
        server.handle(OTP.Begin.self) { [self] in try await begin($0, $1) }
        server.handle(OTP.Confirm.self) { [self] request, _ in try await confirm(request) }
        server.handle(OTP.Send.self) { [self] in try await send($0, $1) }
        server.handle(OTP.Delivery.self) { [self] in try await delivery($0, $1) }
        server.handle(OTP.Verify.self) { [self] request, _ in try await verify(request) }
        server.handle(OTP.Methods.self) { [self] request, _ in try methods(request) }
        server.handle(OTP.Remove.self) { [self] request, _ in try await remove(request) }
        server.handle(OTP.Reset.self) { [self] request, _ in try await reset(request) }
        server.handle(OTP.Unlock.self) { [self] request, _ in try await unlock(request) }
        server.handle(OTP.NewRecoveryCodes.self) { [self] request, _ in try await newRecoveryCodes(request) }

        server.check("database") { [self] in store.trouble }
        server.check("keys") { [self] in keyTrouble }
        server.check("sms") { [self] in gateway.trouble() }
        tally.register(on: server.metrics)
        server.metrics.gauge("otp_older_keys_values", "Values still sealed under older keys.") { [self] in
            Double(resealer.progress.left)
        }
        server.metrics.counter("otp_notices_dropped", "Notices that did not reach SMSGateway.") { [self] in
            notices.dropped
        }
    }

    /// Begins the work that nobody asks for.
    func started() {
        resealer.start()
        housekeeping.start()
    }

    /// Takes new options, and new keys where those open all that the database holds.
    func reload(_ new: OTPOptions, _ keys: SealingKeys) {
        options = new
        do {
            if let mismatch = try store.read(at: clock(), { try $0.mismatch(of: keys) }) { throw mismatch }
            store.keys.keys = keys
            resealer.start()
        } catch {
            log.error("keys not reloaded; the ones before stay in force", ["problem": .error(error)])
        }
    }

    func stop() async {
        await housekeeping.stop()
        await resealer.stop()
        await notices.finish()
        store.close()
    }

    /// What is wrong with the keys, for `wire.Health`.
    private var keyTrouble: String? {
        if resealer.progress.damaged > 0 {
            return "\(resealer.progress.damaged) values do not open with the key that they name"
        }
        do {
            return try store.read(at: clock()) { try $0.mismatch(of: $0.keys) }?.description
        } catch {
            return "\(error)"
        }
    }
}
