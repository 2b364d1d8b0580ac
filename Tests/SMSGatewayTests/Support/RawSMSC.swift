import Glibc
import Testing

@testable import SMSGateway
@testable import Wire

/// An SMSC of the test's own, which says whatever bytes a test wants: for what no honest one says.
@Loop
final class RawSMSC: Pollable {
    let port: Int
    private let listener: CInt
    private var peer: CInt = -1
    /// PDUs that came on the present connection.
    private(set) var received: [PDU] = []
    private(set) var connections = 0
    private var partial: [UInt8] = []
    /// Whether it hangs up on whoever connects.
    var hangsUp = false
    /// What it says to whoever connects.
    var greeting: [UInt8] = []
    /// What it does with a PDU; binds are taken where nothing else is said.
    var answer: @Loop (RawSMSC, PDU) -> Void = { smsc, pdu in smsc.takeBind(pdu) }

    init() throws {
        listener = socket(
            AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        try #require(isListening)
        port = Int(UInt16(bigEndian: address.sin_port))
        try Poller.shared.add(listener, events: UInt32(POLLIN), owner: self)
    }

    isolated deinit {
        Poller.shared.remove(listener)
        close(listener)
        drop()
    }

    func ready(_ events: UInt32) {
        // One handler for both descriptors: whichever has something.
        let new = accept(listener, nil, nil)
        if new >= 0 {
            connections += 1
            guard !hangsUp else {
                close(new)
                return
            }
            drop()
            peer = new
            received = []
            partial = []
            _ = fcntl(new, F_SETFL, O_NONBLOCK)
            say(greeting)
            do { try Poller.shared.add(new, events: UInt32(POLLIN), owner: self) } catch { drop() }
        }
        read()
    }

    private func read() {
        guard peer >= 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(peer, &buffer, buffer.count, 0)
        guard count > 0 else {
            if count == 0 { drop() }
            return
        }
        partial += buffer[..<count]
        while let length = try? PDU.length(partial[...]), partial.count >= length {
            let bytes = partial.prefix(length)
            partial = Array(partial.dropFirst(length))
            guard let pdu = Self.read(bytes) else { continue }
            received.append(pdu)
            answer(self, pdu)
        }
    }

    /// A client's bind is nothing that the gateway itself ever reads.
    private static func read(_ bytes: ArraySlice<UInt8>) -> PDU? { try? PDU(bytes) }

    func takeBind(_ pdu: PDU) {
        guard pdu.command == .bindTransceiver else { return }
        say(PDU(sequence: pdu.sequence, body: .bindTransceiverResponse).bytes)
    }

    /// Says any bytes.
    func say(_ bytes: [UInt8]) { _ = send(peer, bytes, bytes.count, CInt(MSG_NOSIGNAL)) }

    func drop() {
        guard peer >= 0 else { return }
        Poller.shared.remove(peer)
        close(peer)
        peer = -1
    }

    func count(_ command: PDU.Command) -> Int { received.count { $0.command == command } }
}
