import Hummingbird
import Wire

/// What a browser sends along in its cookies. All are `__Host-`: set by this host over a secure connection, for all its
/// paths, and by no other host.
struct Browser: Sendable {
    /// The session's token; empty for none.
    let session: String
    /// The token of a trusted device.
    let device: String?
    /// Proves its forms.
    let form: FormToken
    /// Whether ``form`` was made just now, and the browser must be told.
    let isNew: Bool
    let notes: Notes
    /// The language that the visitor chose.
    let language: PageLanguage?

    init(_ cookies: Cookies, seal: NoteSeal) {
        session = cookies[BrowserCookie.session.name]?.value ?? ""
        device = cookies[BrowserCookie.device.name]?.value
        let known = FormToken(cookie: cookies[BrowserCookie.form.name]?.value)
        form = known ?? FormToken()
        isNew = known == nil
        notes = seal.open(cookies[BrowserCookie.notes.name]?.value, for: form) ?? Notes()
        language = cookies[BrowserCookie.language.name].flatMap { PageLanguage(rawValue: $0.value) }
    }
}

/// The cookies that this front end sets.
enum BrowserCookie: String, CaseIterable, Sendable {
    case session, device, form, notes, language

    var name: String { "__Host-" + rawValue }

    /// How long the browser keeps it, in seconds; nil: until it is closed.
    private var life: Int? {
        switch self {
        case .session, .form, .notes: nil
        // A device is trusted for as long as the firm says, which AuthService keeps; no firm may say more than this.
        case .device: 90 * 86_400
        case .language: 365 * 86_400
        }
    }

    /// The cookie with a value; the one that takes it away where there is none.
    func holding(_ value: String?) -> Cookie {
        Cookie(
            name: name, value: value ?? "", maxAge: value == nil ? 0 : life, path: "/", secure: true,
            httpOnly: true,
            sameSite: .lax)
    }
}
