/// What people answer to stop text messages to them, and to have them again.
///
/// The words are those that US carriers and the FCC name. HELP and all other texts are left to the carrier.
enum OptOut: String, CaseIterable, Sendable {
    /// No message to this number from now on.
    case stop
    /// Messages again.
    case start

    /// Reads a text; nil where it is neither. The word must be the whole message, in any case and whatever
    /// stands between and around its letters.
    init?(_ text: String) {
        let word = text.uppercased().filter { $0.isLetter || $0.isNumber }
        if Self.stops.contains(word) {
            self = .stop
        } else if Self.starts.contains(word) {
            self = .start
        } else {
            return nil
        }
    }

    private static let stops: Set<String> = [
        "STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT",
    ]
    private static let starts: Set<String> = ["START", "UNSTOP"]
}
