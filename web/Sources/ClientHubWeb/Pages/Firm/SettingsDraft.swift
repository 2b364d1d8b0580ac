import Wire

/// The settings as a form has them: all as texts, so that the page shows again what was typed.
struct SettingsDraft: Equatable {
    /// Of the settings that the form was made from.
    let version: String
    let twoFactorRequired: Bool
    /// A day, `2026-12-01`; empty: at once.
    let enforceFrom: String
    let prosTwoFactorRequired: Bool
    let trustedDeviceDays: String
    let idleMinutes: String

    init(_ settings: Auth.Settings) {
        version = "\(settings.version)"
        twoFactorRequired = settings.twoFactorRequired
        enforceFrom = Self.ahead(settings.enforceFrom).map(Self.day) ?? ""
        prosTwoFactorRequired = settings.prosTwoFactorRequired
        trustedDeviceDays = "\(settings.trustedDeviceDays)"
        idleMinutes = "\(settings.idleMinutes)"
    }

    init(_ form: Form) {
        version = form["version"] ?? ""
        twoFactorRequired = form.has("twoFactorRequired")
        enforceFrom = form["enforceFrom"] ?? ""
        prosTwoFactorRequired = form.has("prosTwoFactorRequired")
        trustedDeviceDays = form["trustedDeviceDays"] ?? ""
        idleMinutes = form["idleMinutes"] ?? ""
    }

    /// The fields of a form with these values: a box that is not ticked is not sent.
    var fields: [(name: StaticString, value: String)] {
        var fields: [(name: StaticString, value: String)] = [
            ("version", version), ("enforceFrom", enforceFrom), ("trustedDeviceDays", trustedDeviceDays),
            ("idleMinutes", idleMinutes),
        ]
        if twoFactorRequired { fields.append(("twoFactorRequired", "on")) }
        if prosTwoFactorRequired { fields.append(("prosTwoFactorRequired", "on")) }
        return fields
    }

    var reviewPath: LocalPath {
        fields.reduce(LocalPath("/settings/client-hub/review")) { $0.adding($1.name, $1.value) }
    }

    /// The call that makes `settings` what the form says.
    ///
    /// - Throws: `MALFORMED` with the field that is no number or no day; `CHANGED_MEANWHILE` where the form was made from
    ///   other settings than these, which AuthService would say too, but only after the review.
    func change(of settings: Auth.Settings, _ visit: Visit) throws -> Auth.UpdateSettings {
        guard let days = Int(trustedDeviceDays) else { throw visit.malformed("trustedDeviceDays") }
        guard let minutes = Int(idleMinutes) else { throw visit.malformed("idleMinutes") }
        guard version == "\(settings.version)" else { throw Refusal(.changedMeanwhile) }
        var change = Auth.UpdateSettings(
            session: visit.session, version: settings.version, twoFactorRequired: twoFactorRequired,
            prosTwoFactorRequired: prosTwoFactorRequired, trustedDeviceDays: days, idleMinutes: minutes)
        // A start that is over, or that was set to the minute by other means, stays as it is unless it is changed here.
        guard enforceFrom != SettingsDraft(settings).enforceFrom else { return change }
        if enforceFrom.isEmpty {
            change.enforceFrom = .some(nil)
        } else {
            guard let start = Self.start(of: enforceFrom) else { throw visit.malformed("enforceFrom") }
            change.enforceFrom = .some(start)
        }
        return change
    }

    // MARK: days

    /// The hour, UTC, at which a day begins here: midnight in Hawaii and before office hours in New York, so that nowhere in
    /// the United States clients are locked the day before, or in the middle of their work.
    private static let dawn = 10

    static func start(of day: String) -> Timestamp? {
        day.utf8.count == 10 ? Timestamp("\(day)T\(dawn):00:00Z") : nil
    }

    static func day(of time: Timestamp) -> String { String("\(time - dawn * 3_600)".prefix(10)) }

    /// A moment that is still to come.
    static func ahead(_ time: Timestamp?) -> Timestamp? { time.flatMap { .now < $0 ? $0 : nil } }
}
