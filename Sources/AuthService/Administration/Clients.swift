import Storage
import Wire

extension AuthService {
    /// The firm's clients by name, a page at a time.
    func listClients(_ request: Auth.ListClients, for pro: Visitor) throws -> Auth.ListClients.Reply {
        let limit = try Fields.limit(request.limit)
        let search = try Fields.search(request.search)
        let list = "clients \(pro.firm.id) \(request.state?.rawValue ?? "any") \(search ?? "")"
        let filter = ClientFilter(
            firm: pro.firm, search: search, state: request.state,
            after: try request.cursor.map { try ClientPosition(Cursor.decode($0, of: list)) })
        return try store.read { database in
            var rows = try database.clients(filter, limit: limit + 1, at: pro.now)
            let isLast = rows.count <= limit
            if !isLast { rows.removeLast() }
            let clients = try rows.map { row in
                Auth.Client(
                    row.person, pro.firm, sessions: row.sessions,
                    lockedUntil: try database.lockedUntil(row.person, pro.firm, at: pro.now), at: pro.now)
            }
            return Auth.ListClients.Reply(
                clients: clients,
                next: isLast ? nil : rows.last.map { Cursor.encode($0.position.bytes, of: list) })
        }
    }

    /// The firm's clients, counted by their state.
    func countClients(for pro: Visitor) throws -> Auth.CountClients.Reply {
        let requiredByFirm = RequirementPolicy.firmRequires(of: .client, pro.firm.settings, at: pro.now)
        var reply = Auth.CountClients.Reply(clients: 0, active: 0, pending: 0, off: 0, enrolled: 0)
        for tally in try store.read({ try $0.clientTallies(of: pro.firm.id) }) {
            // Who requires it of a client makes no difference to the state.
            let gate = GatePolicy.decide(
                GateFacts(
                    requiredByFirm: requiredByFirm, requiredByPro: tally.requiredPersonally,
                    enrolled: tally.enrolled))
            switch Auth.Client.State(gate.rule) {
            case .active: reply.active += tally.clients
            case .pending: reply.pending += tally.clients
            case .off: reply.off += tally.clients
            }
            reply.clients += tally.clients
            if tally.enrolled { reply.enrolled += tally.clients }
        }
        return reply
    }

    func getClient(_ request: Auth.GetClient, for pro: Visitor) throws -> Auth.Client {
        try store.read { database in
            try database.entry(of: database.client(request.client, of: pro.firm.id), pro.firm, at: pro.now)
        }
    }
}

extension Database {
    /// The client of `firm` with this id.
    ///
    /// - Throws: `NO_SUCH_CLIENT`, whether there is none or it is another firm's or a PRO.
    func client(_ id: ID, of firm: ID) throws -> Person {
        guard let person = try person(id), person.firm == firm, person.role == .client else {
            throw Refusal(.noSuchClient)
        }
        return person
    }

    /// A client as a PRO sees it.
    func entry(of person: Person, _ firm: Firm, at now: Timestamp) throws -> Auth.Client {
        Auth.Client(
            person, firm,
            sessions: try openSessions(of: person.id, idleMinutes: firm.settings.idleMinutes, at: now),
            lockedUntil: try lockedUntil(person, firm, at: now), at: now)
    }

    /// When the last lockout of a person ends, be it of the password or of codes; nil where there is none.
    func lockedUntil(_ person: Person, _ firm: Firm, at now: Timestamp) throws -> Timestamp? {
        let account = AttemptKey.account(firm: firm.slug, email: person.email)
        let codes = person.codesLockedUntil.flatMap { now < $0 ? $0 : nil }
        return [try lockedUntil(account: account, at: now), codes].compactMap { $0 }.max()
    }
}

extension Auth.Client {
    init(_ person: Person, _ firm: Firm, sessions: Int, lockedUntil: Timestamp?, at now: Timestamp) {
        let gate = GatePolicy.decide(GateFacts(person, firm.settings, session: nil, at: now))
        self.init(
            id: person.id, name: person.name, email: person.email,
            twoFactor: Auth.TwoFactor(
                required: gate.required, requiredBy: gate.requiredBy, state: State(gate.rule),
                methods: person.factors.methods, phone: person.phone, since: person.enrolledAt,
                overriddenAt: person.overriddenAt, overriddenBy: person.overriddenBy),
            lastLogIn: person.lastLogIn, sessions: sessions, lockedUntil: lockedUntil)
    }
}

extension Auth.Client.State {
    /// What the gate's rule for a new log-in means to a PRO. A factor that nobody asks for is off.
    init(_ rule: GatePolicy.Rule) {
        switch rule {
        case .verify, .proved: self = .active
        case .setUp, .deferred: self = .pending
        case .notRequired, .dormant: self = .off
        }
    }
}
