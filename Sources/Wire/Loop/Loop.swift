/// The process's one event loop: a thread that waits with epoll and runs everything that needs no waiting.
///
/// What is isolated to `@Loop` is owned by that thread, which the compiler checks; calls between two such functions are
/// plain calls. An `async` function on it is a task whose pieces run on the same thread, one after the other.
@globalActor
public actor Loop {
    public static let shared = Loop()

    nonisolated let executor = LoopExecutor()

    nonisolated public var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    private init() { executor.start() }

    /// Starts `body` as a task on the loop, from any thread.
    ///
    /// With the loop as its preferred executor the task starts there; else it would start on the global pool, and wait
    /// there for as long as others keep that busy.
    package nonisolated static func start(_ body: @escaping @Sendable @Loop () async -> Void) {
        Task(executorPreference: shared.executor) { await body() }
    }
}
