import CLinux
import Glibc

/// Starts a thread that runs `body` and ends with it.
///
/// It lies here, away from any `main`, where a closure would belong to the main actor and trap on another thread.
package func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(ThreadBody(name: name, run: body))
    var thread = pthread_t()
    let error = pthread_create(&thread, nil, enter, box.toOpaque())
    precondition(error == 0, "pthread_create: \(String(cString: strerror(error)))")
    pthread_detach(thread)
}

private final class ThreadBody: Sendable {
    let name: String
    let run: @Sendable () -> Void

    init(name: String, run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }
}

private func enter(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let body = Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
    clinux_name_thread(body.name)
    body.run()
    return nil
}
