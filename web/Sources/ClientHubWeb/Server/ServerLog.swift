import Logging
import ServiceKit

/// Hummingbird's log as lines of the service's own.
struct ServerLog: LogHandler {
    let log: Log
    var logLevel = Logger.Level.warning
    var metadata: Logger.Metadata = [:]

    init(_ log: Log) { self.log = log }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let message = Log.Value.text("\(event.message)")
        switch event.level {
        case .critical: log.critical("server", ["says": message])
        case .error: log.error("server", ["says": message])
        case .warning: log.warning("server", ["says": message])
        case .notice: log.notice("server", ["says": message])
        case .info: log.info("server", ["says": message])
        case .debug, .trace: log.debug("server", ["says": message])
        }
    }
}
