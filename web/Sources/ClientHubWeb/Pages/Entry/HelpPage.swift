/// Why there is two-factor authentication, how to set it up, and whom to ask. Everybody reads it: it is most needed by those
/// who are locked out.
enum HelpPage {
    static let routes: [Route] = [.get("/help", for: .everybody, show)]

    @Sendable static func show(_ visit: Visit) async throws -> Answer {
        var view: View = ["title": visit.texts("help", "title")]
        if let video = visit.site.configuration.help.video {
            view["video"] = ["url": video.url, "isFile": video.isFile] as View
        }
        return visit.page("help", view)
    }
}
