public import Cryptography
public import Wire

/// What a caller sees of a value that does not open: with the missing key it could be tried again; the rest is a fault.
extension SealError: Refusable {
    public var refusal: Refusal {
        guard case .unknownVersion(let version) = self else { return Refusal(.internalError) }
        return Refusal(
            .unavailable,
            "What is asked for is sealed under key \(version), which this service was not given.")
    }
}
