import Wire

extension AuthService {
    /// The calls of PROs, owners and the host's admin users.
    func registerAdministration(on server: Server) {}
}
