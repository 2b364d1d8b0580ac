import Synchronization

/// What a writer's thread tells the others of its work.
final class Record: Sendable {
    let jobs = Atomic(0)
    let commits = Atomic(0)
    let trouble = Mutex<StoreError?>(nil)
}
