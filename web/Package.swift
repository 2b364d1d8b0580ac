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

/// The web front end: a package of its own, so that the services depend on nothing that only it needs. Of the services it
/// knows the interface, which is the library Wire; it shares with them how a process reads its settings and logs, and
/// libcrypto's face.
let package = Package(
    name: "clienthub-web",
    products: [.executable(name: "ClientHubWeb", targets: ["ClientHubWeb"])],
    dependencies: [
        .package(name: "clienthub-2fa", path: ".."),
        // Without the traits of Foundation and of a configuration library: it uses neither.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
        // What Hummingbird stands on, for a server at a socket that systemd hands over.
        .package(url: "https://github.com/apple/swift-nio", from: "2.81.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.20.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.3.0"),
    ],
    targets: [
        .executableTarget(
            name: "ClientHubWeb",
            dependencies: [
                "CQREncode",
                .product(name: "Wire", package: "clienthub-2fa"),
                .product(name: "ServiceKit", package: "clienthub-2fa"),
                .product(name: "Cryptography", package: "clienthub-2fa"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOExtras", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            resources: [.copy("Resources")],
            swiftSettings: strict),
        .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .testTarget(
            name: "ClientHubWebTests",
            dependencies: [
                "ClientHubWeb",
                .product(name: "Wire", package: "clienthub-2fa"),
                .product(name: "ServiceKit", package: "clienthub-2fa"),
                .product(name: "Cryptography", package: "clienthub-2fa"),
                .product(name: "Pages", package: "clienthub-2fa"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
            ],
            swiftSettings: strict),
    ]
)
