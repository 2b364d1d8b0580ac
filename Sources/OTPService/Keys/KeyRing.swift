import Cryptography
import Synchronization

/// The sealing keys that are in force now. The loop changes them; the writer's thread reads them for each job, so that no
/// job seals with keys that were replaced before its turn came.
final class KeyRing: Sendable {
    private let held: Mutex<SealingKeys>

    init(_ keys: SealingKeys) { held = Mutex(keys) }

    var keys: SealingKeys {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}
