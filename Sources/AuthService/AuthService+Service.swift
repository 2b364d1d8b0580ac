package import ServiceKit
package import Wire

extension AuthService: Service {
    package nonisolated static let program = Program(
        name: "AuthService", summary: "Decides who somebody is, and what is locked for them.")
    package nonisolated static let name: StaticString = "auth"

    package convenience init(_ configuration: AuthConfiguration, log: Log) async throws {
        let store = try AuthStore(configuration.service.database, now: .now)
        self.init(configuration, store: store, otp: Client(path: configuration.otp), log: log, now: { .now })
    }

    package func register(on server: Server) {
        registerCalls(on: server)
        registerAdministration(on: server)
        server.check("database") { [store] in store.trouble }
        server.check("otp") { [otp] in otp.isUnreachable ? "OTPService is out of reach." : nil }
        let metrics = server.metrics
        metrics.gauge("auth_passwords_waiting", "Passwords that wait to be checked.") { [passwords] in
            Double(passwords.waiting)
        }
        metrics.counter("auth_passwords", "Passwords that were hashed or checked.") { [passwords] in
            passwords.done
        }
        metrics.gauge("auth_writes_waiting", "Changes that wait for the database.") { [store] in
            Double(store.waiting)
        }
        metrics.gauge("auth_sessions_cached", "Sessions kept in memory.") { [sessions] in
            Double(sessions.count)
        }
    }

    package func started() {
        upkeep.start()
        tasks.kick()
    }

    /// Everything that its settings decide is made when it starts.
    package func reload(_ configuration: AuthConfiguration) {}

    package func picture() throws -> Picture { try store.picture() }

    /// It seals nothing.
    package var fingerprints: [UInt32: String] { [:] }

    package func stop() async {
        tasks.stop()
        await upkeep.stop()
        store.close()
    }

    /// The calls of the person who logs in. Each handler asks for its caller by the ``CallPolicy`` of its own row.
    private func registerCalls(on server: Server) {
        server.handleKeeping(Auth.Authorize.self) { [self] request, _ in try authorize(request) }
        server.handle(Auth.GetFirm.self) { [self] request, _ in try getFirm(request) }
        server.handle(Auth.LogIn.self) { [self] request, caller in try await logIn(request, for: caller) }
        server.handle(Auth.LogOut.self) { [self] request, _ in try await logOut(request) }
        server.handle(Auth.BeginSetUp.self) { [self] request, caller in
            try await beginSetUp(request, for: caller)
        }
        server.handle(Auth.ConfirmSetUp.self) { [self] request, caller in
            try await confirmSetUp(request, for: caller)
        }
        server.handle(Auth.SendCode.self) { [self] request, caller in try await sendCode(request, for: caller)
        }
        server.handle(Auth.Delivery.self) { [self] request, caller in try await delivery(request, for: caller)
        }
        server.handle(Auth.Verify.self) { [self] request, caller in try await verify(request, for: caller) }
        server.handle(Auth.DeferSetUp.self) { [self] request, _ in try await deferSetUp(request) }
        server.handle(Auth.RemoveMethod.self) { [self] request, _ in try await removeMethod(request) }
        server.handle(Auth.NewRecoveryCodes.self) { [self] request, caller in
            try await newRecoveryCodes(request, for: caller)
        }
        server.handle(Auth.StepUp.self) { [self] request, caller in try await stepUp(request, for: caller) }
        server.handle(Auth.ListSessions.self) { [self] request, _ in try listSessions(request) }
        server.handle(Auth.EndSession.self) { [self] request, _ in try await endSession(request) }
        server.handle(Auth.ChangePassword.self) { [self] request, caller in
            try await changePassword(request, for: caller)
        }
    }
}
