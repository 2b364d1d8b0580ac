// swift-tools-version: 6.2
import PackageDescription

/// What every Swift target is compiled with.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// What the services are compiled with as well: each use of unsafe memory is marked in the code.
let memorySafe: [SwiftSetting] = strict + [.strictMemorySafety()]

/// One of the three services: an executable over the shared modules.
func service(_ name: String, with more: [Target.Dependency] = []) -> Target {
    .executableTarget(
        name: name, dependencies: ["Wire", "ServiceKit", "Storage", "Cryptography", "CLinux"] + more,
        swiftSettings: memorySafe
    )
}

/// The tests of `name`, in a folder of their own.
func tests(of name: String, with more: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.target(name: name)] + more, swiftSettings: strict)
}

let package = Package(
    name: "clienthub-2fa",
    products: [
        // For hubload, which fills the databases of stopped services.
        .library(name: "CSQLite", targets: ["CSQLite"]),
        .library(name: "Wire", targets: ["Wire"]),
        .library(name: "ServiceKit", targets: ["ServiceKit"]),
        .library(name: "Cryptography", targets: ["Cryptography"]),
        .library(name: "Storage", targets: ["Storage"]),
        .library(name: "AuditLog", targets: ["AuditLog"]),
        .library(name: "Pages", targets: ["Pages"]),
        .executable(name: "AuthService", targets: ["AuthService"]),
        .executable(name: "OTPService", targets: ["OTPService"]),
        .executable(name: "SMSGateway", targets: ["SMSGateway"]),
    ],
    targets: [
        .target(name: "Wire", dependencies: ["CLinux"], swiftSettings: strict),
        .target(name: "ServiceKit", dependencies: ["Wire", "CLinux"], swiftSettings: strict),
        .target(name: "Storage", dependencies: ["Wire", "CSQLite", "CLinux"], swiftSettings: strict),
        .target(name: "Cryptography", dependencies: ["CCrypto", "CArgon2"], swiftSettings: memorySafe),
        .target(name: "AuditLog", dependencies: ["Wire", "Cryptography"], swiftSettings: strict),
        service("AuthService", with: ["AuditLog"]),
        service("OTPService"),
        service("SMSGateway", with: ["CCurl", "CSSL"]),

        .target(name: "CLinux"),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSSL", pkgConfig: "libssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CArgon2", pkgConfig: "libargon2", providers: [.apt(["libargon2-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),

        // Reads the pages of docs/ for the tests that keep them true.
        .target(name: "Pages", path: "Tests/Pages", swiftSettings: strict),
        tests(of: "Wire", with: ["CLinux", "Pages"]),
        tests(of: "ServiceKit", with: ["Wire"]),
        tests(of: "Storage"),
        tests(of: "Cryptography"),
        tests(
            of: "AuthService", with: ["AuditLog", "Wire", "ServiceKit", "Storage", "Cryptography", "Pages"]),
        tests(of: "OTPService", with: ["Wire", "ServiceKit", "Storage", "Cryptography", "Pages"]),
        tests(of: "SMSGateway", with: ["Wire", "ServiceKit", "Storage", "Cryptography", "Pages"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["Wire", "AuthService", "OTPService", "SMSGateway"], swiftSettings: strict),
    ]
)
