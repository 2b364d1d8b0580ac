import Storage
import Wire

extension AuthService {
    /// Adds a PRO who has no password yet, and gives the token to choose one by.
    func invitePro(_ request: Auth.InvitePro, by owner: Visitor) async throws -> Auth.InvitePro.Reply {
        let name = try Fields.name(request.name, "name")
        let email = try Fields.email(request.email, "email")
        let pro = Person(
            id: ID(now: owner.now), firm: owner.firm.id, role: .pro, name: name, email: email.text,
            created: owner.now)
        let new = NewInvitation(of: pro.id, isReset: false, at: owner.now)
        try await store.write { database in
            try database.add(pro, password: nil)
            try database.insert(new.invitation)
            try database.record(
                owner.event(.proInvited, about: pro.id, ["name": pro.name, "email": pro.email]))
        }
        return Auth.InvitePro.Reply(pro: pro.id, invitation: new.token, expires: new.invitation.expires)
    }

    /// The owner first, then the PROs by name.
    func listPros(for pro: Visitor) throws -> Auth.ListPros.Reply {
        Auth.ListPros.Reply(pros: try store.read { try $0.pros(of: pro.firm.id) })
    }

    /// Removes a PRO, whose sessions end with it; OTPService is told to forget the factors.
    func removePro(_ request: Auth.RemovePro, by owner: Visitor) async throws -> Nothing {
        try await store.write { database in
            guard let pro = try database.person(request.pro), pro.firm == owner.firm.id, pro.role == .pro
            else {
                throw Refusal(.noSuchPro)
            }
            try database.deletePerson(pro.id)
            try database.insert(OTPTask(pro, method: nil, at: owner.now))
            try database.record(
                owner.event(.proRemoved, about: pro.id, ["name": pro.name, "email": pro.email]))
        }
        changed(person: request.pro)
        tasks.kick()
        return Nothing()
    }
}
