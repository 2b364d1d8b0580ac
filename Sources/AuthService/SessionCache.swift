import Cryptography
import Storage
import Wire

/// What `Authorize` decides from, kept in memory so that a page costs no look-up: sessions by the digest of their token,
/// the people they belong to, and their firms.
///
/// It may be thrown away at any time: the database is what counts. After each commit that changes a person, a session or a
/// firm, the service calls ``forget(person:)`` or ``forget(firm:)``, and the next use reads anew. Other readers than
/// `Authorize` go to the database.
@Loop final class SessionCache {
    /// A use of a session that is not written down yet.
    struct Use: Sendable {
        let digest: Digest
        let at: Timestamp
        let address: String?
    }

    private let store: AuthStore
    private let capacity: Int
    private var entries: [Digest: CachedSession] = [:]
    private var people: [ID: CachedPerson] = [:]
    private var firms: [ID: CachedFirm] = [:]
    /// The entries in a ring, and the hand that takes out what was not used since it last passed.
    private var ring: [CachedSession] = []
    private var hand = 0
    private var uses: [Use] = []

    /// Keeps `capacity` sessions at most.
    init(store: AuthStore, capacity: Int) {
        self.store = store
        self.capacity = max(1, capacity)
    }

    var count: Int { entries.count }

    /// The session with this digest, alive and as the database has it.
    func find(_ digest: Digest, at now: Timestamp) throws -> CachedSession? {
        guard let entry = entries[digest] else { return try load(digest, at: now, lastSeen: nil) }
        if entry.person.isForgotten || entry.person.firm.isForgotten || !isAlive(entry, at: now) {
            // Another host may have seen it in use since, so the end too is decided from the database.
            remove(entry)
            return try load(digest, at: now, lastSeen: entry.lastSeen)
        }
        entry.isUsed = true
        return entry
    }

    /// When a session was last used, as far as this process knows.
    func lastSeen(_ digest: Digest) -> Timestamp? { entries[digest]?.lastSeen }

    /// Takes note of a use; it is written down once a minute at most.
    func use(_ entry: CachedSession, at now: Timestamp, address: String?) {
        entry.lastSeen = now
        guard now >= entry.written + SessionPolicy.seenInterval else { return }
        entry.written = now
        uses.append(Use(digest: entry.digest, at: now, address: address))
    }

    /// The uses to write down, which are the caller's from now on.
    func takeUses() -> [Use] {
        defer { uses.removeAll(keepingCapacity: uses.count < 4_096) }
        return uses
    }

    /// Believes nothing of a person and its sessions any more.
    func forget(person id: ID) {
        guard let person = people.removeValue(forKey: id) else { return }
        person.isForgotten = true
        release(person.firm, of: person)
    }

    /// Believes nothing of a firm any more.
    func forget(firm id: ID) { firms.removeValue(forKey: id)?.isForgotten = true }

    // MARK: reading

    private func isAlive(_ entry: CachedSession, at now: Timestamp) -> Bool {
        now < entry.expires && now < entry.lastSeen + entry.person.firm.settings.idleMinutes * 60
    }

    private func load(_ digest: Digest, at now: Timestamp, lastSeen: Timestamp?) throws -> CachedSession? {
        try store.read { database in
            guard var session = try database.session(digest),
                let person = try person(session.person, database)
            else { return nil }
            session.lastSeen = max(session.lastSeen, lastSeen ?? session.lastSeen)
            let entry = CachedSession(session, person)
            guard isAlive(entry, at: now) else {
                if person.sessions == 0 { drop(person) }
                return nil
            }
            insert(entry)
            return entry
        }
    }

    private func person(_ id: ID, _ database: Database) throws -> CachedPerson? {
        if let person = people[id] {
            if person.firm.isForgotten, let firm = try firm(person.firmID, database) {
                release(person.firm, of: person)
                person.firm = firm
                firm.people += 1
            }
            return person
        }
        guard let row = try database.person(id), let firm = try firm(row.firm, database) else { return nil }
        let person = CachedPerson(row, firm)
        firm.people += 1
        people[id] = person
        return person
    }

    private func firm(_ id: ID, _ database: Database) throws -> CachedFirm? {
        if let firm = firms[id] { return firm }
        guard let row = try database.firm(id) else { return nil }
        let firm = CachedFirm(row)
        firms[id] = firm
        return firm
    }

    // MARK: room

    private func insert(_ entry: CachedSession) {
        entry.person.sessions += 1
        entries[entry.digest] = entry
        if ring.count < capacity {
            entry.slot = ring.count
            ring.append(entry)
            return
        }
        while ring[hand].isUsed {
            ring[hand].isUsed = false
            hand = (hand + 1) % ring.count
        }
        let old = ring[hand]
        entries[old.digest] = nil
        release(old.person)
        entry.slot = hand
        ring[hand] = entry
        hand = (hand + 1) % ring.count
    }

    private func remove(_ entry: CachedSession) {
        entries[entry.digest] = nil
        let last = ring.removeLast()
        if last !== entry {
            ring[entry.slot] = last
            last.slot = entry.slot
        }
        if hand >= ring.count { hand = 0 }
        release(entry.person)
    }

    /// One session less holds the person; with the last one it goes.
    private func release(_ person: CachedPerson) {
        person.sessions -= 1
        if person.sessions == 0, !person.isForgotten { drop(person) }
    }

    private func drop(_ person: CachedPerson) {
        people[person.id] = nil
        release(person.firm, of: person)
    }

    private func release(_ firm: CachedFirm, of person: CachedPerson) {
        firm.people -= 1
        if firm.people == 0, !firm.isForgotten { firms[person.firmID] = nil }
    }
}
