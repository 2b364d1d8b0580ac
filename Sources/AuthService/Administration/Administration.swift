import ServiceKit
import Wire

extension AuthService {
    /// The calls of PROs, owners and the host's admin users. Each row says who may make the call: by session a
    /// ``CallPolicy``, on the host the users that the settings name.
    func registerAdministration(on server: Server) {
        server.handle(Auth.GetSettings.self) { [self] request, _ in
            try visitor(request.session, .pro).firm.settings
        }
        server.handle(Auth.UpdateSettings.self) { [self] request, _ in
            try await updateSettings(request, by: visitor(request.session, .proSensitive))
        }
        server.handle(Auth.ListClients.self) { [self] request, _ in
            try listClients(request, for: visitor(request.session, .pro))
        }
        server.handle(Auth.CountClients.self) { [self] request, _ in
            try countClients(for: visitor(request.session, .pro))
        }
        server.handle(Auth.GetClient.self) { [self] request, _ in
            try getClient(request, for: visitor(request.session, .pro))
        }
        server.handle(Auth.OverrideTwoFactor.self) { [self] request, _ in
            try await overrideTwoFactor(request, by: visitor(request.session, .proSensitive))
        }
        server.handle(Auth.RequireTwoFactor.self) { [self] request, _ in
            try await requireTwoFactor(request, by: visitor(request.session, .proSensitive))
        }
        server.handle(Auth.UnlockClient.self) { [self] request, caller in
            try await unlockClient(request, by: visitor(request.session, .proSensitive), for: caller)
        }
        server.handle(Auth.InviteClient.self) { [self] request, _ in
            try await inviteClient(request, by: visitor(request.session, .proSensitive))
        }
        server.handle(Auth.InvitePro.self) { [self] request, _ in
            try await invitePro(request, by: visitor(request.session, .ownerSensitive))
        }
        server.handle(Auth.ListPros.self) { [self] request, _ in
            try listPros(for: visitor(request.session, .pro))
        }
        server.handle(Auth.RemovePro.self) { [self] request, _ in
            try await removePro(request, by: visitor(request.session, .ownerSensitive))
        }
        server.handle(Auth.ListActivity.self) { [self] request, _ in
            try listActivity(request, for: visitor(request.session, .open))
        }
        server.handle(Auth.AcceptInvitation.self) { [self] request, caller in
            try await acceptInvitation(request, for: caller)
        }
        registerHostCalls(on: server)
    }

    /// What only the host's admin users may call; they need no session.
    private func registerHostCalls(on server: Server) {
        let admins = Peers.users(configuration.service.admins, else: .notAnAdmin)
        server.handle(Auth.CreateFirm.self, from: admins) { [self] request, caller in
            try await createFirm(request, for: caller)
        }
        server.handle(Auth.CreateClient.self, from: admins) { [self] request, caller in
            try await createClient(request, for: caller)
        }
        server.handle(Auth.OverrideOwner.self, from: admins) { [self] request, caller in
            try await overrideOwner(request, for: caller)
        }
        server.handle(Auth.Explain.self, from: admins) { [self] request, _ in try explain(request) }
        server.handle(Auth.VerifyAudit.self, from: admins, changes: false) { [self] request, caller in
            try await verifyAudit(request, for: caller)
        }
        server.handle(Auth.ExportAudit.self, from: admins, changes: false) { [self] request, _ in
            try await exportAudit(request)
        }
        server.handle(Auth.ListFirms.self, from: admins) { [self] request, _ in
            try Auth.ListFirms.Reply(firms: store.read { try $0.firms(after: request.after, limit: 500) })
        }
    }
}
