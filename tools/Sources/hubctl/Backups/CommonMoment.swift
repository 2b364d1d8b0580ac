import Wire

/// Copies of all three databases that show one moment.
///
/// AuthService is held first, then OTPService, then SMSGateway: what the held one had asked of the next was answered
/// before it was held, and it asks nothing new. So once all three are held nothing is half done, and each has kept its
/// own moment. Then all are asked to copy theirs, which ends their holds. That AuthService's was still in force when it
/// was asked, after the last of the others was held, proves that no call came between.
struct CommonMoment {
    let clients: [ServiceName: Client]

    struct Copy {
        let service: ServiceName
        let reply: Common.Backup.Reply
    }

    /// Milliseconds after which a hold ends by itself.
    static let longestHold = 5_000
    static let tries = 5

    /// Makes the copies. A moment that could not be had, because calls took too long, is tried for again.
    func copies() async throws -> [Copy] {
        var left = Self.tries
        while true {
            left -= 1
            do {
                return try await attempt()
            } catch let refusal as Refusal
                where left > 0 && [Reason.busy, .held, .noSuchHold].contains(where: refusal.isFor)
            {
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    private func attempt() async throws -> [Copy] {
        var holds: [(service: ServiceName, client: Client, id: ID)] = []
        do {
            for service in ServiceName.allCases {
                guard let client = clients[service] else { continue }
                let reply = try await client.call(
                    Common.Hold(milliseconds: Self.longestHold), within: 2 * Self.longestHold)
                holds.append((service, client, reply.hold))
            }
        } catch {
            for hold in holds { _ = try? await hold.client.call(Common.Release(hold: hold.id)) }
            throw error
        }
        return try await withThrowingTaskGroup { group in
            for hold in holds {
                group.addTask {
                    Copy(
                        service: hold.service,
                        reply: try await hold.client.call(Common.Backup(hold: hold.id), within: 3_600_000))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
