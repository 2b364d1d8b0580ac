import FoundationEssentials
import Pages
import Testing
import Wire

@testable import SMSGateway

/// An SMSC that others wrote, in a process of its own: see Tests/SMPPServers.
@Loop
final class SMSC {
    enum Kind: String, CaseIterable, Sendable { case smpp34, twisted, perl }

    /// A line of its journal.
    struct Event: Decodable, Sendable, Equatable {
        var event: String
        var port: Int?
        var command: UInt32?
        var version: Int?
        var password: String?
        var status: UInt32?
        var submit: Submit?

        private enum CodingKeys: CodingKey { case event, port, command, version, password, status }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            event = try fields.decode(String.self, forKey: .event)
            port = try fields.decodeIfPresent(Int.self, forKey: .port)
            command = try fields.decodeIfPresent(UInt32.self, forKey: .command)
            version = try fields.decodeIfPresent(Int.self, forKey: .version)
            password = try fields.decodeIfPresent(String.self, forKey: .password)
            status = try fields.decodeIfPresent(UInt32.self, forKey: .status)
            submit = event == "submit" ? try Submit(from: decoder) : nil
        }
    }

    /// A submit_sm as it came there.
    struct Submit: Decodable, Sendable, Equatable {
        var service_type: String
        var source_addr_ton: Int
        var source_addr_npi: Int
        var source_addr: String
        var dest_addr_ton: Int
        var dest_addr_npi: Int
        var destination_addr: String
        var esm_class: Int
        var protocol_id: Int
        var priority_flag: Int
        var schedule_delivery_time: String
        var validity_period: String
        var registered_delivery: Int
        var replace_if_present_flag: Int
        var data_coding: Int
        var sm_default_msg_id: Int
        /// In hexadecimal.
        var short_message: String
        /// By tag, in hexadecimal.
        var options: [String: String]
    }

    let scratch: Scratch
    let port: Int
    private let child: Child
    private let journal: Journal

    /// Waits for its turn: each takes a processor for a second, and the tests of this target share theirs.
    init(_ kind: Kind, options: [String] = []) async throws {
        await Self.places.take()
        let scratch = try Scratch()
        self.scratch = scratch
        let program =
            switch kind {
            case .perl: ["perl", "\(Repository.root)/Tests/SMPPServers/perl-server"]
            case .smpp34, .twisted: try Child.python("Tests/SMPPServers/\(kind.rawValue)-server")
            }
        journal = Journal(path: scratch.file("journal"))
        child = try Child(program + [scratch.file("journal")] + options, output: scratch.file("output"))
        let (child, journal) = (child, journal)
        port = try await eventually("\(kind) to listen") {
            let output = String(decoding: scratch.read("output"), as: UTF8.self)
            try #require(child.poll() == nil, "\(kind) does not start: scripts/setup test? \(output)")
            return try journal.events.first?.port
        }
    }

    isolated deinit { Self.places.give() }

    func events(_ name: String) throws -> [Event] { try journal.events.filter { $0.event == name } }

    /// What was submitted, in that order.
    var submitted: [Submit] { get throws { try events("submit").compactMap(\.submit) } }

    func kill() { child.kill() }

    private static let places = Places(3)

    /// Lets so many be at work at once.
    @Loop private final class Places {
        private var free: Int
        private var waiting: [CheckedContinuation<Void, Never>] = []

        nonisolated init(_ count: Int) { free = count }

        func take() async {
            if free > 0 { return free -= 1 }
            await withCheckedContinuation { waiting.append($0) }
        }

        func give() {
            if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
        }
    }

    /// A file of events that grows.
    @Loop private final class Journal {
        private let path: String
        private var offset = 0
        private var known: [Event] = []

        init(path: String) { self.path = path }

        var events: [Event] {
            get throws {
                let new = contents(of: path, from: offset)
                // The last line may be half written.
                guard let end = new.lastIndex(of: UInt8(ascii: "\n")) else { return known }
                for line in new[..<end].split(separator: UInt8(ascii: "\n")) {
                    known.append(try JSONDecoder().decode(Event.self, from: Data(line)))
                }
                offset += end + 1
                return known
            }
        }
    }
}
