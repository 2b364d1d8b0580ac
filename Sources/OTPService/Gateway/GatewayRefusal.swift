import Wire

/// What a caller of OTPService is told where SMSGateway refuses a code, in the words of this service's own interface.
enum GatewayRefusal {
    /// What stands for `refusal`. `isNewPhone`: the number comes with the call, so that it can be the field at fault.
    static func translated(_ refusal: Refusal, isNewPhone: Bool) -> Refusal {
        let field = isNewPhone ? "phone" : nil
        if refusal.isFor(.badPhone) { return Refusal(.badPhone, refusal.message, field: field) }
        if refusal.isFor(.blocked), isNewPhone { return Refusal(.badPhone, refusal.message, field: field) }
        // A number that was good once is blocked for a time: the guard against pumping closes a prefix for hours.
        if refusal.isFor(.blocked) || refusal.isFor(.tooManyCodes) {
            return Refusal(.tooManyCodes, refusal.message, retryAfter: refusal.retryAfter)
        }
        if refusal.isFor(.queueFull) || refusal.isFor(.alreadyExpired) {
            return Refusal(.unavailable, refusal.message, retryAfter: refusal.retryAfter)
        }
        // Out of reach, out of time, overloaded: the caller may try again, and reads it as it is.
        if Reason.common.contains(where: refusal.isFor), refusal.status != .invalidArgument,
            refusal.status != .permissionDenied, refusal.status != .unimplemented
        {
            return refusal
        }
        // The two services do not understand each other. That is not the caller's fault.
        return Refusal(.internalError, "SMSGateway refused: \(refusal)")
    }

    /// Whether no code goes out to this number at all, so that a set-up which names it can only end.
    static func isFinal(_ refusal: Refusal) -> Bool { refusal.isFor(.badPhone) || refusal.isFor(.blocked) }
}
