import ArgumentParser
import Glibc

/// Where an installed host keeps what the commands that look after it read and write.
struct HostOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the services' configuration is. (default: $CLIENTHUB_CONFIG_DIR, else /etc/clienthub)",
            valueName: "dir"))
    var configDir: String?

    @Option(help: ArgumentHelp("Where systemd's encrypted credentials are.", valueName: "dir"))
    var credentialDir = "/etc/credstore.encrypted"

    /// What is installed on this host.
    var installation: Installation {
        Installation(
            directory: configDir ?? environment("CLIENTHUB_CONFIG_DIR") ?? "/etc/clienthub",
            credentials: credentialDir)
    }
}

/// The value of an environment variable, nil where it is absent or empty.
func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
}
