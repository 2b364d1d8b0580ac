import Wire

/// What a load is made at: the services' sockets, and who visits them.
@Loop
final class Site {
    let population: Population
    /// Clients whose sessions were generated, `0..<sessions`; the others log in.
    let sessions: Int
    private let auths: [Client]
    private let otps: [Client]
    private let gateways: [Client]
    let inbox: Inbox?
    let web: HTTPConnections?
    private var authenticators: Turns
    private var phones: Turns
    private var everybody: Turns

    init(
        sockets: String, population: Population, sessions: Int, connections: Int, outbox: String?,
        webPort: Int? = nil
    ) {
        self.population = population
        self.sessions = min(sessions, population.clients)
        func clients(_ service: String) -> [Client] {
            (0..<connections).map { _ in Client(path: "\(sockets)/\(service).sock") }
        }
        auths = clients("auth")
        otps = clients("otp")
        gateways = clients("sms")
        inbox = outbox.map { Inbox(directory: $0) }
        web = webPort.map { HTTPConnections(port: $0, count: connections) }
        // Where each client has a session, they log in as well.
        let start = self.sessions < population.clients ? self.sessions : 0
        let visitors = Array(start..<population.clients)
        // A step of an authenticator is over after 30 seconds, and a code by text message begins a new chain.
        authenticators = Turns(
            visitors.filter { population.method(of: $0) == .authenticator }, restSeconds: 31)
        phones = Turns(visitors.filter { population.method(of: $0) == .sms }, restSeconds: 31)
        everybody = Turns(visitors, restSeconds: 0)
    }

    /// The connections are taken in turn.
    func auth(_ visit: Visit) -> Client { auths[visit.number % auths.count] }
    func otp(_ visit: Visit) -> Client { otps[visit.number % otps.count] }
    func sms(_ visit: Visit) -> Client { gateways[visit.number % gateways.count] }

    func authenticatorsTurn() throws -> Int { try authenticators.take(at: Clock.now) }
    func phonesTurn() throws -> Int { try phones.take(at: Clock.now) }
    func anybodysTurn() throws -> Int { try everybody.take(at: Clock.now) }

    /// The token of a generated session, another one for each visit.
    func session(for visit: Visit) -> String {
        let number = scrambled(UInt64(visit.number) &+ 0x5E55) % UInt64(max(1, sessions))
        return population.token(ofSession: Int(number))
    }

    func code(of client: Int) -> String {
        AuthenticatorCode.code(of: population.secret(of: client), at: .now)
    }
}
