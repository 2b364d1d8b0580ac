import Glibc
import ServiceKit

/// The web front end: what professionals and clients see. It shows, asks and passes on; AuthService decides.
@main
enum ClientHubWeb {
    static let program = Program(
        name: "ClientHubWeb", summary: "The pages that professionals and clients see, each behind the gate.")

    static func main() async {
        umask(0o077)
        signal(SIGPIPE, SIG_IGN)
        let launch = Launch(program) { (settings: Settings) throws(SettingError) in
            try WebConfiguration(settings)
        }
        do {
            try await WebServer(launch, sockets: Activation.take(.unixOrInternet)).run()
        } catch {
            fail(error)
        }
    }
}
