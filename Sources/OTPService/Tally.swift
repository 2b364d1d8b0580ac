import ServiceKit
import Wire

/// How many codes were checked, and what they turned out to be.
@Loop
final class Tally {
    private var right: [FactorMethod: UInt64] = [:]
    private var refused: [FactorMethod: UInt64] = [:]

    func countRight(_ method: FactorMethod) { right[method, default: 0] += 1 }

    func countRefused(_ method: FactorMethod) { refused[method, default: 0] += 1 }

    /// Declares them on the server's metrics.
    func register(on metrics: Metrics) {
        let help = "Codes checked, by what they turned out to be."
        for method in FactorMethod.allCases {
            metrics.counter("otp_checks", help, labels: ["method": method.rawValue, "result": "right"]) {
                [self] in
                right[method, default: 0]
            }
            metrics.counter("otp_checks", help, labels: ["method": method.rawValue, "result": "refused"]) {
                [self] in
                refused[method, default: 0]
            }
        }
    }
}

extension OTPService {
    /// What a check came to, once it is counted; a refusal is logged, with its subject and no code.
    func counted<Value>(
        _ verdict: Verdict<Value>, _ method: FactorMethod, of subject: ID
    ) throws(Refusal) -> Value {
        switch verdict {
        case .success(let value):
            tally.countRight(method)
            return value
        case .failure(let refusal):
            tally.countRefused(method)
            log.info(
                "code refused",
                ["subject": .id(subject), "method": .text(method.rawValue), "reason": .text(refusal.reason)])
            throw refusal
        }
    }
}
