package import Wire

/// What a caller sees of a database that fails: that it may try again, or that the service has a fault.
extension StoreError: Refusable {
    package var refusal: Refusal {
        if isOverloaded { return Refusal(.overloaded, retryAfter: 1) }
        return isPassing ? Refusal(.unavailable, retryAfter: 5) : Refusal(.internalError)
    }
}
