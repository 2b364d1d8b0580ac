import Cryptography
import ServiceKit
import Storage
import Wire

/// Takes charge of codes and gets each of them to its phone once, or says why not.
///
/// What it answers is on disk. It knows numbers and firms, and nothing of whom a number belongs to.
final class Gateway: Service {
    static let program = Program(
        name: "SMSGateway", summary: "Sends codes by text message, each of them once, from a durable queue.")
    static let name: StaticString = "sms"

    let store: Store
    private(set) var keys: SealingKeys
    let courier: Courier
    let desk: CarrierDesk
    let clock: Clock
    let log: Log
    private(set) var limits: SendLimits
    private(set) var queueLimit: Int
    /// Where what providers tell unasked goes.
    let news: CarrierNews
    private let callers: Set<UInt32>
    private let admins: Set<UInt32>
    private let receiptUsers: Set<UInt32>
    private let providers: [ProviderSettings]
    let refusals = Refusals()
    let webhooks = WebhookCounts()

    convenience init(_ configuration: SMSConfiguration, log: Log) async throws {
        try self.init(configuration, log: log, clock: Clock())
    }

    /// The same with another clock, and with other providers than the configuration's, or another place for what
    /// they tell, if there are any.
    init(
        _ configuration: SMSConfiguration, log: Log, clock: Clock, providers override: [any Provider]? = nil,
        news: CarrierNews? = nil
    ) throws {
        self.clock = clock
        self.log = log
        keys = try configuration.keys ?? OwnKey.load(beside: configuration.service.database)
        limits = configuration.limits
        queueLimit = configuration.queueLimit
        callers = configuration.service.callers
        admins = configuration.service.admins
        receiptUsers = configuration.receipts
        providers = configuration.providers
        store = try Store(path: configuration.service.database, keys: keys, now: clock.wall())
        let desk = CarrierDesk(store: store, clock: clock, log: log)
        self.desk = desk
        self.news = news ?? desk.news
        let all = override ?? configuration.providers.map { $0.provider(clock, desk.news) }
        let routes = all.enumerated().map { index, provider in
            let settings = configuration.providers[min(index, configuration.providers.count - 1)]
            return Route(provider, limit: settings.inFlight, onUncertain: settings.onUncertain)
        }
        courier = Courier(
            store: store, keys: keys, routes: routes, clock: clock, log: log, settings: configuration.courier)
        let found = store.recovered
        log.info(
            "queue opened", ["expired": .number(found.expired), "uncertain": .number(found.uncertain)])
        if found.poisoned > 0 {
            log.critical(
                "messages that ended the gateway twice are given up", ["count": .number(found.poisoned)])
        }
    }

    func register(on server: Server) {
        let callers = Peers.users(callers.union(admins))
        server.handle(SMS.Submit.self, from: callers) { [self] request, _ in try await submit(request) }
        server.handle(SMS.Verified.self, from: callers) { [self] request, _ in try await verified(request) }
        server.handle(SMS.Status.self, from: callers) { [self] request, _ in try status(request) }
        server.handle(SMS.Cancel.self, from: callers) { [self] request, _ in try await cancel(request) }
        server.handle(SMS.Receipt.self, from: .users(receiptUsers)) { [self] request, _ in
            try await receipt(request)
        }

        let admins = Peers.users(admins, else: .notAnAdmin)
        server.handle(SMS.List.self, from: admins) { [self] request, _ in try list(request) }
        server.handle(SMS.Retry.self, from: admins) { [self] request, _ in try await retry(request) }
        server.handle(SMS.Block.self, from: admins) { [self] request, _ in try await block(request) }
        server.handle(SMS.Unblock.self, from: admins) { [self] request, _ in
            try await unblock(request)
        }
        server.handle(SMS.Trace.self, from: admins) { [self] request, _ in try trace(request) }
        server.handle(SMS.Limits.self, from: admins) { [self] _, _ in currentLimits() }
        server.handle(SMS.Top.self, from: admins) { [self] request, _ in try top(request) }
        server.handle(SMS.Test.self, from: admins) { [self] request, _ in try await test(request) }
        server.handle(SMS.Stats.self, from: admins) { [self] _, _ in try stats() }

        server.check("database") { [self] in store.trouble.map { "\($0)" } }
        server.check("providers") { [self] in trouble(at: clock.steady()) }
        measure(server.metrics)
    }

    func started() {
        for route in courier.routes { route.provider.start(log) }
        courier.start()
        Task { await use(keys) }
    }

    /// Takes over limits, keys and the queue's settings. Others need a restart, which is said.
    func reload(_ configuration: SMSConfiguration) {
        limits = configuration.limits
        queueLimit = configuration.queueLimit
        courier.settings = configuration.courier
        if let keys = configuration.keys { Task { await use(keys) } }
        if configuration.providers != providers {
            log.warning("providers are changed by a restart only; the old ones stay in use")
        }
    }

    /// Seals with the newest of `keys` from now on, and seals anew what an older one sealed. Messages are
    /// left as they are: an older key may leave the file once they are gone, an hour after the new one came
    /// into it.
    private func use(_ new: SealingKeys) async {
        do {
            try await store.rotate(to: new)
            keys = new
            courier.keys = new
        } catch {
            log.error("the keys cannot be used; the ones before stay in force", ["problem": .error(error)])
        }
    }

    func picture() throws -> Picture { try store.picture() }

    var fingerprints: [UInt32: String] { keys.fingerprints }

    func stop() async {
        await courier.stop(within: 5_000)
        for route in courier.routes { await route.provider.stop() }
        store.close()
    }

    /// What is wrong with the providers; nil where messages can go out.
    private func trouble(at steady: Int64) -> String? {
        let shut = courier.routes.filter { !$0.isOpen(steady) }.map(\.name)
        if !shut.isEmpty { return "held back by its circuit breaker: \(shut.joined(separator: ", "))" }
        let troubles = courier.routes.compactMap { route in
            route.provider.trouble.map { "\(route.name): \($0)" }
        }
        return troubles.isEmpty ? nil : troubles.joined(separator: " ")
    }
}
