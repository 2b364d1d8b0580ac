import Wire

extension AuthService {
    /// The firm with this slug, as everybody may see it.
    func getFirm(_ request: Auth.GetFirm) throws -> Auth.GetFirm.Reply {
        guard let firm = try store.read({ try $0.firm(slug: request.firm) }) else {
            throw Refusal(.noSuchFirm)
        }
        return Auth.GetFirm.Reply(slug: firm.slug, name: firm.name)
    }
}
