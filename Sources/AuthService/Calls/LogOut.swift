import Cryptography
import Wire

extension AuthService {
    /// Ends a session, whatever its state. One that has ended already is no error.
    func logOut(_ request: Auth.LogOut) async throws -> Nothing {
        let digest = SHA256.digest(request.session)
        guard let visitor = try visitor(digest, at: now()) else { return Nothing() }
        try await store.write { database in
            try database.deleteSession(digest)
            try database.record(visitor.event(.loggedOut))
        }
        changed(person: visitor.person.id)
        return Nothing()
    }
}
