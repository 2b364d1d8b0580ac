import Cryptography
import ServiceKit
import Wire

/// What OTPService asks of the gateway.
extension Gateway {
    /// Takes charge of a code. The answer goes out after the commit, and the message after the answer or at
    /// once with it, never before.
    func submit(_ request: SMS.Submit) async throws -> SMS.Submit.Reply {
        let now = clock.wall()
        return try await submit(order(request, now), at: now)
    }

    /// Takes charge of an order that was checked.
    func submit(_ order: Order, at now: Timestamp) async throws -> SMS.Submit.Reply {
        let terms = AcceptanceTerms(
            policy: LimitPolicy(limits: limits), queueLimit: queueLimit, opens: courier.opens(now),
            forecast: courier.forecast)
        switch try await store.accept(order, terms, now: now) {
        case .accepted(let isPumping):
            if isPumping { sayPumping("codes sent to a prefix are not used: it would be blocked", order) }
            log.info(
                "message accepted",
                [
                    "message": .id(order.id), "firm": .id(order.firm), "to": order.loggedNumber,
                    "purpose": .text(order.purpose.rawValue),
                ])
            courier.nudge()
            return SMS.Submit.Reply(message: order.id, state: .queued, duplicate: false)
        case .duplicate(let id, let state):
            return SMS.Submit.Reply(message: id, state: state, duplicate: true)
        case .refused(let refusal):
            throw refuse(refusal, order)
        case .pumping(let refusal):
            sayPumping("codes sent to a prefix are not used: it is blocked", order)
            throw refuse(refusal, order)
        }
    }

    func verified(_ request: SMS.Verified) async throws -> Nothing {
        guard try await store.verify(request.message, now: clock.wall()) else {
            throw Refusal(.noSuchMessage)
        }
        return Nothing()
    }

    func status(_ request: SMS.Status) throws -> SMS.Status.Reply {
        guard let status = try store.status(request.message) else { throw Refusal(.noSuchMessage) }
        return status
    }

    func cancel(_ request: SMS.Cancel) async throws -> SMS.Cancel.Reply {
        guard let state = try await store.cancel(request.message, now: clock.wall()) else {
            throw Refusal(.noSuchMessage)
        }
        return SMS.Cancel.Reply(state: state)
    }

    private func sayPumping(_ event: StaticString, _ order: Order) {
        refusals.countPumping()
        log.critical(
            event,
            [
                "to": order.loggedNumber, "firm": .id(order.firm),
                "hours": .number(PumpingGuard.blockSeconds / 3_600),
            ])
    }

    /// Checks a request, seals and hashes what it holds. `ruledOut` are providers that it is not offered to.
    func order(_ request: SMS.Submit, _ now: Timestamp, ruledOut: Set<String> = []) throws -> Order {
        guard (1...128).contains(request.key.count) else {
            throw Refusal(.malformed, "key must have 1 to 128 characters", field: "key")
        }
        guard (4...10).contains(request.code.utf8.count),
            request.code.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else {
            throw Refusal(.malformed, "code must be 4 to 10 digits", field: "code")
        }
        guard request.expires <= now + Self.longestLife else {
            throw Refusal(.malformed, "expires must be within an hour", field: "expires")
        }
        if let brand = request.brand, brand.utf8.count > 1_000 {
            throw Refusal(.malformed, "brand must have 1,000 bytes at most", field: "brand")
        }
        let domain = request.domain?.lowercased()
        if let domain, !MessageText.isHost(domain) {
            throw Refusal(.malformed, "domain must be a host name", field: "domain")
        }
        let number: PhoneNumber
        do throws(BadNumber) {
            number = try PhoneNumber(request.to)
        } catch {
            refusals.count(Reason.badPhone.name)
            throw Refusal(.badPhone, "\(error)", field: "to")
        }
        let id = ID(now: now)
        let text = MessageText.compose(
            code: request.code, life: request.expires.seconds(since: now), brand: request.brand,
            domain: domain, language: request.language ?? .en)
        let (marks, keys) = (store.fingerprints, keys)
        return Order(
            id: id, key: request.key, firm: request.firm, purpose: request.purpose, expires: request.expires,
            country: number.country ?? "", masked: number.masked,
            unwelcome: number.refusal(allowing: limits.countries), ruledOut: ruledOut,
            sealed: Content(to: number.e164, text: text).sealed(with: keys, for: id),
            orderHash: marks.order(number, code: request.code, purpose: request.purpose),
            numberHash: marks.number(number.e164), prefixHash: marks.neighbours(number),
            blockHashes: { marks.blocks(of: number.e164) },
            prefixBlock: {
                let hash = marks.block(number.prefix)
                return (hash, BlockTable.seal(number.prefix, hash: hash, with: keys))
            })
    }

    /// The longest life, in seconds, of a code that is taken: what is sealed is not kept for longer.
    private static var longestLife: Int { 3_600 }

    private func refuse(_ refusal: Refusal, _ order: Order) -> Refusal {
        refusals.count(refusal.reason)
        log.notice(
            "message refused",
            [
                "reason": .text(refusal.reason), "firm": .id(order.firm), "to": order.loggedNumber,
                "purpose": .text(order.purpose.rawValue),
            ])
        return refusal
    }
}

extension Order {
    /// The number as a log shows it: its last two digits.
    fileprivate var loggedNumber: Log.Value { .text("**\(masked.suffix(2))") }
}
