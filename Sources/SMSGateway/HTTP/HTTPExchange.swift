/// A POST over HTTPS.
struct HTTPRequest: Sendable {
    var url: String
    /// Beside those that every request has: Host, Content-Length and User-Agent.
    var headers: [(name: String, value: String)]
    var body: [UInt8]
}

/// What came of a request.
enum HTTPResult: Sendable, Equatable {
    /// Not a byte of its body left this host: whoever is at the other end cannot have acted on it.
    case notSent(HTTPFault)
    /// Its body left, or a part of it, and no whole answer came back: whether it was acted on, nobody knows.
    case noAnswer(reason: String)
    case answered(HTTPAnswer)
}

/// Why a request could not be made.
struct HTTPFault: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        /// There is no such name, or nobody answers there in time.
        case unreachable
        /// Whoever answers there cannot prove to be who they should.
        case untrusted
        /// The fault is on this host: a URL or a file of CAs that cannot be used.
        case unusable
    }

    let kind: Kind
    /// As a sentence.
    let reason: String
}

/// What a server answered.
struct HTTPAnswer: Sendable, Equatable {
    var status = 0
    /// By their names in small letters; of several with one name the last.
    var headers: [String: String] = [:]
    var body: [UInt8] = []

    /// Seconds after which the server wants to be asked again; nil where it gives no number of them.
    var retryAfter: Int? {
        guard let text = headers["retry-after"], text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
