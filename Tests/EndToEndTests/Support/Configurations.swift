import Glibc
import Wire

/// The configuration files of a stack, with the keys that they name.
struct Configurations {
    let scratch: Scratch

    /// Writes all. What is given stands beside the settings that each stack needs.
    func write(auth: String = "", otp: String = "", sms: String = "") throws {
        // Version 1, and 32 bytes in base64.
        try scratch.write("otp.key", "1 \(String(repeating: "o", count: 42))A=\n")
        try scratch.write("sms.key", "1 \(String(repeating: "s", count: 42))A=\n")
        try scratch.write("auth.json", self.auth(auth))
        try scratch.write("otp.json", self.otp(otp))
        try scratch.write("sms.json", self.sms(sms))
    }

    /// `nobody` may call AuthService, as a front end does; it is no admin.
    func auth(_ more: String = "") -> String {
        """
        {
            socket: "auth.sock", database: "auth.db", otp: "otp.sock",
            // The site that text messages name.
            domain: "hub.example.com",
            callers: [\(geteuid()), 65534], admins: [\(geteuid())],
            \(more)
        }
        """
    }

    func otp(_ more: String = "") -> String {
        """
        {
            socket: "otp.sock", database: "otp.db", sms: "sms.sock", key: "\(scratch.at("otp.key"))",
            \(more)
        }
        """
    }

    /// The limits are those of a test, which sends in a minute what a firm sends in a year.
    func sms(_ more: String = "") -> String {
        """
        {
            socket: "sms.sock", database: "sms.db", key: "\(scratch.at("sms.key"))",
            providers: [{ name: "paper", kind: "outbox", directory: "outbox" }],
            limits: {
                numberPerTenMinutes: 100, numberPerHour: 100, numberPerDay: 100,
                prefixPerHour: 100000, firmPerDay: 100000,
            },
            \(more)
        }
        """
    }
}
