import CCurl
import CLinux
import Glibc
import Synchronization
import Wire

/// The thread on which libcurl makes the requests of one ``HTTPClient``.
final class HTTPThread: Sendable {
    /// What the threads share.
    private struct Shared {
        var waiting: [HTTPJob] = []
        var isStopping = false
    }

    private let shared = Mutex(Shared())
    /// Becomes readable when there is something new in what is shared.
    private let bell: Descriptor
    private let terms: HTTPTransfer.Terms

    init(_ terms: HTTPTransfer.Terms) {
        self.terms = terms
        let descriptor = clinux_eventfd()
        precondition(descriptor >= 0, "\(SystemError("eventfd"))")
        bell = Descriptor(adopting: descriptor)
        startThread(named: "http") { self.run() }
    }

    func take(_ job: HTTPJob) {
        shared.withLock { $0.waiting.append(job) }
        ring()
    }

    /// Ends the thread; what is on its way is given up.
    func stop() {
        shared.withLock { $0.isStopping = true }
        ring()
    }

    private func ring() {
        var one: UInt64 = 1
        unsafe _ = write(bell.raw, &one, 8)
    }

    // MARK: on the thread

    private func run() {
        let transfers = HTTPTransfers(terms)
        while true {
            let (jobs, isStopping) = shared.withLock { shared in
                defer { shared.waiting = [] }
                return (shared.waiting, shared.isStopping)
            }
            for job in jobs { transfers.start(job) }
            if isStopping { return transfers.giveUp() }
            transfers.perform()
            transfers.wait(for: bell.raw)
            var count: UInt64 = 0
            unsafe _ = read(bell.raw, &count, 8)
        }
    }
}

/// The requests that are on their way, by libcurl's handles, and the connections that they share.
@safe private final class HTTPTransfers {
    private let multi: UnsafeMutableRawPointer
    private let terms: HTTPTransfer.Terms
    private var underWay: [UInt: HTTPTransfer] = [:]

    init(_ terms: HTTPTransfer.Terms) {
        self.terms = terms
        precondition(Self.isReady, "libcurl cannot be used")
        guard let multi = unsafe curl_multi_init() else { fatalError("libcurl: is there memory left?") }
        unsafe self.multi = multi
    }

    deinit { unsafe _ = curl_multi_cleanup(multi) }

    /// Whether libcurl is initialised: once in the process.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_ALL)) == CURLE_OK

    func start(_ job: HTTPJob) {
        let transfer = HTTPTransfer(job, terms)
        guard transfer.isReady, unsafe curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else {
            return transfer.end(CURLE_FAILED_INIT)
        }
        underWay[transfer.key] = transfer
    }

    /// Does what can be done without waiting, and tells of what has ended.
    func perform() {
        var count: Int32 = 0
        unsafe _ = curl_multi_perform(multi, &count)
        while let message = unsafe curl_multi_info_read(multi, &count) {
            guard unsafe message.pointee.msg == CURLMSG_DONE else { continue }
            let result = unsafe ccurl_result(message)
            guard let easy = unsafe message.pointee.easy_handle else { continue }
            unsafe _ = curl_multi_remove_handle(multi, easy)
            underWay.removeValue(forKey: UInt(bitPattern: easy))?.end(result)
        }
    }

    /// Waits until there is something to do, or `bell` becomes readable.
    func wait(for bell: CInt) {
        var more = curl_waitfd(fd: bell, events: Int16(CURL_WAIT_POLLIN), revents: 0)
        unsafe _ = curl_multi_poll(multi, &more, 1, 60_000, nil)
    }

    func giveUp() {
        for transfer in underWay.values {
            unsafe _ = curl_multi_remove_handle(multi, transfer.easy)
            transfer.end(CURLE_ABORTED_BY_CALLBACK)
        }
        underWay = [:]
    }
}
