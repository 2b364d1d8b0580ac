import Testing
import Wire

@testable import SMSGateway

@Suite("The states of a message") struct MessageEventTests {
    typealias State = SMS.MessageState

    /// Every pair; `-` is refused. Written apart from the source's table on purpose, as a grid.
    static let grid = """
                         queued     sending    sent       delivered  failed     expired    cancelled  uncertain
        begin            sending    -          -          -          -          -          -          -
        take             sent       sent       -          -          -          -          -          sent
        bounce           -          queued     -          -          -          -          -          -
        refuse           failed     failed     -          -          -          -          -          -
        lose             -          uncertain  -          -          -          -          -          -
        restart          -          uncertain  -          -          -          -          -          -
        poison           failed     failed     -          -          -          -          -          -
        lapse            expired    -          -          -          -          -          -          -
        cancel           cancelled  sending    -          -          -          -          -          -
        retry            -          -          -          -          queued     -          -          queued
        resend           -          -          -          -          -          -          -          queued
        receiptSent      sent       sent       -          -          -          -          -          sent
        receiptDelivered delivered  delivered  delivered  -          -          -          -          delivered
        receiptFailed    -          failed     failed     -          -          -          -          failed
        receiptExpired   -          expired    expired    -          -          -          -          expired
        close            -          -          sent       -          -          -          -          uncertain
        """

    static let rows: [(event: MessageEvent, from: State, to: State?)] = {
        let lines = grid.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        return lines.dropFirst().flatMap { line in
            zip(lines[0], line.dropFirst()).compactMap { from, to in
                guard let event = MessageEvent(rawValue: line[0]), let from = State(rawValue: from) else {
                    return nil
                }
                return (event, from, State(rawValue: to))
            }
        }
    }()

    @Test("follow the table", arguments: rows.indices)
    func row(index: Int) {
        let row = Self.rows[index]
        #expect(row.from.after(row.event) == row.to, "\(row.from) after \(row.event)")
    }

    @Test("have a row for every pair")
    func exhaustive() {
        #expect(Self.rows.count == State.allCases.count * MessageEvent.allCases.count)
        #expect(Set(Self.rows.map { "\($0.event) \($0.from)" }).count == Self.rows.count)
    }

    @Test("never lead by themselves from where a message may have been sent to where it is sent again")
    func noSecondSending() {
        // All that can follow in any order from `start`, by events that are neither a proof of not having
        // been taken, nor an admin's order, nor the one more sending that an operator may allow.
        func reachable(from start: State) -> Set<State> {
            var found: Set<State> = []
            var open = [start]
            while let state = open.popLast() {
                for event in MessageEvent.allCases where ![.bounce, .retry, .resend].contains(event) {
                    if let next = state.after(event), found.insert(next).inserted { open.append(next) }
                }
            }
            return found
        }
        for state in State.allCases where state != .queued {
            #expect(!reachable(from: state).contains(.queued), "\(state)")
            if state != .sending { #expect(!reachable(from: state).contains(.sending), "\(state)") }
        }
    }

    @Test("end: every state leads to a final one")
    func everyStateEnds() {
        let final: Set<State> = [.delivered, .failed, .expired, .cancelled, .uncertain, .sent]
        for state in [State.queued, .sending] {
            #expect(MessageEvent.allCases.contains { state.after($0).map(final.contains) == true })
        }
    }

    @Test(
        "keep the number and the code only while they may be needed",
        arguments: [
            (State.queued, true), (.sending, true), (.failed, true), (.uncertain, true),
            (.sent, false), (.delivered, false), (.expired, false), (.cancelled, false),
        ])
    func content(state: State, keeps: Bool) {
        #expect(state.keepsContent == keeps)
    }
}
