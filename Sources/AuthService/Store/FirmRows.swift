import Storage
import Wire

extension Database {
    func insert(_ firm: Firm) throws {
        let settings = firm.settings
        try run(
            """
            INSERT INTO firm (id, slug, name, created, two_factor_required, enforce_from, pros_two_factor_required,
                trusted_device_days, idle_minutes, version)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
            """, firm.id, firm.slug, firm.name, firm.created, settings.twoFactorRequired,
            settings.enforceFrom, settings.prosTwoFactorRequired, settings.trustedDeviceDays,
            settings.idleMinutes, settings.version)
    }

    func firm(_ id: ID) throws -> Firm? {
        try first(
            """
            SELECT id, slug, name, created, two_factor_required, enforce_from, pros_two_factor_required,
                trusted_device_days, idle_minutes, version
            FROM firm WHERE id = ?1
            """, id, row: Firm.init(row:))
    }

    func firm(slug: String) throws -> Firm? {
        try first(
            """
            SELECT id, slug, name, created, two_factor_required, enforce_from, pros_two_factor_required,
                trusted_device_days, idle_minutes, version
            FROM firm WHERE slug = ?1
            """, slug, row: Firm.init(row:))
    }

    /// Firms by slug, those behind `slug`; nil: from the first on.
    func firms(after slug: String?, limit: Int) throws -> [Auth.FirmEntry] {
        try all(
            "SELECT id, slug, name, created FROM firm WHERE slug > ?1 ORDER BY slug LIMIT ?2", slug ?? "",
            limit
        ) { Auth.FirmEntry(id: $0.id(0), slug: $0.string(1), name: $0.string(2), created: $0.time(3)) }
    }

    /// Replaces the settings, if they still are what the change was made from.
    ///
    /// - Returns: false where somebody else has changed them meanwhile.
    func update(_ settings: Auth.Settings, of firm: ID, from version: Int) throws -> Bool {
        try run(
            """
            UPDATE firm SET two_factor_required = ?3, enforce_from = ?4, pros_two_factor_required = ?5,
                trusted_device_days = ?6, idle_minutes = ?7, version = ?8
            WHERE id = ?1 AND version = ?2
            """, firm, version, settings.twoFactorRequired, settings.enforceFrom,
            settings.prosTwoFactorRequired, settings.trustedDeviceDays, settings.idleMinutes,
            settings.version) == 1
    }
}

extension Firm {
    /// Reads the columns in the order of the table.
    init(row: borrowing Row) {
        self.init(
            id: row.id(0), slug: row.string(1), name: row.string(2), created: row.time(3),
            settings: Auth.Settings(
                twoFactorRequired: row.bool(4), enforceFrom: row.timeOrNil(5),
                prosTwoFactorRequired: row.bool(6), trustedDeviceDays: row.int(7), idleMinutes: row.int(8),
                version: row.int(9)))
    }
}
