import Testing

@testable import Wire

/// The real executables over their real sockets.
///
/// One test after the other, since each starts processes and judges what happens within some time. A limit ends a test
/// that waits for what never comes; none needs it otherwise.
@Suite("The three services", .serialized, .timeLimit(.minutes(3)))
enum EndToEnd {
    /// Tests that leave the services as they found them share one set, each with firms of its own.
    @Suite("as they stand", .services)
    enum Standing {}
}

/// Starts the services before a suite's tests, and stops them after the last.
struct ServicesTrait: SuiteTrait, TestScoping {
    @concurrent
    func provideScope(
        for test: Test, testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        try await Stack.run { stack in
            try await Shared.$stack.withValue(stack) { try await function() }
        }
    }
}

extension Trait where Self == ServicesTrait {
    static var services: Self { Self() }
}

enum Shared {
    /// The services of the suite that runs.
    @TaskLocal static var stack: Stack?
}

/// The services of the suite that runs.
@Loop
func services() throws -> Stack { try #require(Shared.stack) }
