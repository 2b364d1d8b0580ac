import HTTPTypes
import Hummingbird

/// Style, script and pictures. They are for programs' eyes alone and tell nothing, and the log-in page needs them too: no
/// session is looked at.
enum AssetFiles {
    static let routes: [Route] = [.get("/assets/{hash}/{name}", for: .machine, show)]

    /// The file, for as long as a browser likes: another content has another address.
    @Sendable static func show(_ visit: Visit) async -> Answer {
        guard let name = visit.parameters.get("name"), let hash = visit.parameters.get("hash"),
            let asset = visit.site.renderer.assets.asset(name, hash: hash)
        else { return Answer(.notFound, "There is no such file, or no longer.\n") }
        var answer = Answer(.ok, asset.text, type: asset.type)
        answer.headers[.cacheControl] = "public, max-age=31536000, immutable"
        return answer
    }
}
