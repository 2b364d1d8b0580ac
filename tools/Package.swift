// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// The tools of the host's administrators: a package of their own, so that the services depend on nothing that only
/// the tools need. Of the services they know the interface, which is the library Wire, and for a host that they are
/// installed on how their configuration, keys, databases and audit logs are read.
let package = Package(
    name: "clienthub-tools",
    products: [
        .executable(name: "hubctl", targets: ["hubctl"]),
        .executable(name: "hubload", targets: ["hubload"]),
    ],
    dependencies: [
        .package(name: "clienthub-2fa", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        // It fills the databases of stopped services too, with factors that are sealed as theirs are.
        .executableTarget(
            name: "hubload",
            dependencies: [
                .product(name: "Wire", package: "clienthub-2fa"),
                .product(name: "Cryptography", package: "clienthub-2fa"),
                .product(name: "CSQLite", package: "clienthub-2fa"),
                .product(name: "AuditLog", package: "clienthub-2fa"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "hubloadTests",
            dependencies: [
                "hubload", .product(name: "Wire", package: "clienthub-2fa"),
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ],
            swiftSettings: strict),
        .executableTarget(
            name: "hubctl",
            dependencies: [
                .product(name: "Wire", package: "clienthub-2fa"),
                .product(name: "ServiceKit", package: "clienthub-2fa"),
                .product(name: "Cryptography", package: "clienthub-2fa"),
                .product(name: "Storage", package: "clienthub-2fa"),
                .product(name: "AuditLog", package: "clienthub-2fa"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "hubctlTests",
            dependencies: [
                "hubctl",
                .product(name: "Wire", package: "clienthub-2fa"),
                .product(name: "Cryptography", package: "clienthub-2fa"),
                .product(name: "AuditLog", package: "clienthub-2fa"),
            ],
            swiftSettings: strict),
    ]
)
