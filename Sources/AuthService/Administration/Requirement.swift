import Storage
import Wire

extension AuthService {
    /// Requires 2FA of one client, whatever the firm's setting, or no longer does. Saying it again changes nothing.
    func requireTwoFactor(_ request: Auth.RequireTwoFactor, by pro: Visitor) async throws -> Auth.Client {
        let client = try await store.write { database in
            var person = try database.client(request.client, of: pro.firm.id)
            if person.requiredByPro != request.required {
                person = try database.change(person.id) { $0.requiredByPro = request.required }
                try database.record(
                    pro.event(.requirementChanged, about: person.id, ["required": "\(request.required)"]))
            }
            guard let firm = try database.firm(pro.firm.id) else { throw Refusal(.noSession) }
            return try database.entry(of: person, firm, at: pro.now)
        }
        changed(person: client.id)
        return client
    }
}
