import HTTPTypes

/// What every answer says to the browser about how far to trust it.
enum SecurityHeaders {
    static func add(to headers: inout HTTPFields, _ configuration: WebConfiguration) {
        set(&headers, .contentSecurityPolicy, policy(configuration))
        set(&headers, .xContentTypeOptions, "nosniff")
        // Not `no-referrer`: with that, browsers say `Origin: null` for our own forms (Fetch, section 3.2).
        set(&headers, "Referrer-Policy", "same-origin")
        set(&headers, "Cross-Origin-Opener-Policy", "same-origin")
        set(&headers, "Cross-Origin-Resource-Policy", "same-origin")
        set(
            &headers, "Permissions-Policy", "camera=(), geolocation=(), microphone=(), otp-credentials=(self)"
        )
        set(&headers, "X-Frame-Options", "DENY")
        set(&headers, .cacheControl, "no-store")
        // Two years; a browser that has seen it once speaks no plain http with this host (RFC 6797).
        if configuration.origin.isSecure {
            set(&headers, .strictTransportSecurity, "max-age=63072000; includeSubDomains")
        }
    }

    /// Nothing but what this host sends, and no script or style that stands in a page itself.
    private static func policy(_ configuration: WebConfiguration) -> String {
        var rules = [
            "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'", "manifest-src 'self'", "form-action 'self'", "frame-ancestors 'none'",
            "base-uri 'none'",
        ]
        if let video = configuration.help.video {
            rules.append((video.isFile ? "media-src " : "frame-src ") + video.origin)
        }
        return rules.joined(separator: "; ")
    }

    private static func set(_ headers: inout HTTPFields, _ name: HTTPField.Name, _ value: String) {
        if headers[name] == nil { headers[name] = value }
    }

    private static func set(_ headers: inout HTTPFields, _ name: String, _ value: String) {
        if let name = HTTPField.Name(name) { set(&headers, name, value) }
    }
}

extension HTTPField.Name {
    static let xForwardedFor = name("X-Forwarded-For")

    /// A name that stands in the code, and so is one.
    private static func name(_ text: StaticString) -> HTTPField.Name {
        guard let name = HTTPField.Name("\(text)") else { preconditionFailure("\(text) is no field's name") }
        return name
    }
}
