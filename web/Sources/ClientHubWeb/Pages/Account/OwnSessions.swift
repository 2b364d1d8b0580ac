import HTTPTypes
import Wire

/// Where the account is open, and which devices are not asked for a code: a part of the security page, and its buttons.
enum OwnSessions {
    static let routes: [Route] = [
        .post("/security/sessions/end-others", endOthers),
        .post("/security/sessions/{session}/end") { visit in
            try await end(try visit.id("session"), visit)
            return Answer.redirect(to: SecurityPage.path).saying("sessionEnded", visit)
        },
        .post("/security/devices/{device}/end") { visit in
            try await end(try visit.id("device"), visit)
            return Answer.redirect(to: SecurityPage.path).saying("deviceEnded", visit)
        },
    ]

    /// One that has ended already is as it should be.
    private static func end(_ id: ID, _ visit: Visit) async throws {
        do {
            _ = try await visit.call(Auth.EndSession(session: visit.session, id: id))
        } catch let refusal as Refusal where refusal.isFor(.noSuchSession) {}
    }

    @Sendable private static func endOthers(_ visit: Visit) async throws -> Answer {
        let open = try await visit.call(Auth.ListSessions(session: visit.session))
        for session in open.sessions where !session.current { try await end(session.id, visit) }
        return Answer.redirect(to: SecurityPage.path).saying("othersEnded", visit)
    }

    /// `sessions`, this one first and then the last used; `hasOthers`; `devices`.
    static func view(_ open: Auth.ListSessions.Reply, _ visit: Visit) -> View {
        let texts = visit.texts
        let sessions = open.sessions.sorted { one, other in
            one.current == other.current ? one.lastSeen > other.lastSeen : one.current
        }
        return [
            "sessions": sessions.map { session -> View in
                // Who came in by an invitation has a session that does not say where.
                let agent = session.agent ?? (session.current ? visit.agent : nil)
                let address = session.address ?? (session.current ? visit.address : nil)
                var view: View = [
                    "name": BrowserName(agent).text(texts), "isCurrent": session.current,
                    "lastSeen": View.moment(session.lastSeen), "created": View.moment(session.created),
                    "path": "/security/sessions/\(session.id)/end",
                ]
                if let address {
                    view["address"] = texts("devices", "address", ["address": address])
                }
                return view
            },
            "hasOthers": sessions.contains { !$0.current },
            "devices": open.devices.map { device -> View in
                [
                    "name": BrowserName(device.agent).text(texts), "created": View.moment(device.created),
                    "expires": View.moment(device.expires), "path": "/security/devices/\(device.id)/end",
                ]
            },
        ]
    }
}
