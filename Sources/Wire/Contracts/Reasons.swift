/// A second factor, or the recovery codes that stand in for one.
public enum FactorMethod: String, Word {
    case authenticator, sms, recovery
}

/// What a code in a text message is for: it is good for nothing else.
public enum Purpose: String, Word {
    case setUp, verify, stepUp
}

/// The language of a text message.
public enum Language: String, Word {
    case en, es
}

/// Reasons of AuthService.
extension Reason {
    public static let noSession = Reason(
        .unauthenticated, "NO_SESSION", "There is no such session; it may have ended.")
    public static let locked = Reason(
        .permissionDenied, "LOCKED", "The session is locked until two-factor authentication is done.")
    public static let badCredentials = Reason(
        .unauthenticated, "BAD_CREDENTIALS", "The e-mail address or the password is wrong.")
    public static let stepUp = Reason(
        .unauthenticated, "STEP_UP", "This needs a proof of identity from the last 15 minutes.")
    public static let setUpRequired = Reason(
        .failedPrecondition, "SETUP_REQUIRED",
        "Two-factor authentication is required, so its set-up cannot be put off.")
    public static let lastMethod = Reason(
        .failedPrecondition, "LAST_METHOD", "The last factor cannot be removed while 2FA is required.")
    public static let noSuchSession = Reason(
        .notFound, "NO_SUCH_SESSION", "The caller has no session or trusted device of this id.")
    public static let weakPassword = Reason(
        .invalidArgument, "WEAK_PASSWORD",
        "The password is too short, too long or among the most common ones.")
    public static let notAPro = Reason(.permissionDenied, "NOT_A_PRO", "Only a PRO of the firm may do this.")
    public static let notTheOwner = Reason(
        .permissionDenied, "NOT_THE_OWNER", "Only the owner of the firm may do this.")
    public static let changedMeanwhile = Reason(
        .aborted, "CHANGED_MEANWHILE", "The settings were changed by somebody else since they were read.")
    public static let noSuchClient = Reason(.notFound, "NO_SUCH_CLIENT", "The firm has no such client.")
    public static let noSuchPro = Reason(.notFound, "NO_SUCH_PRO", "The firm has no such PRO.")
    public static let noSuchFirm = Reason(.notFound, "NO_SUCH_FIRM", "There is no such firm.")
    public static let reasonMissing = Reason(
        .invalidArgument, "REASON_MISSING", "An override needs a reason, for the audit log.")
    public static let emailTaken = Reason(
        .alreadyExists, "EMAIL_TAKEN", "The firm has somebody with this e-mail address.")
    public static let slugTaken = Reason(.alreadyExists, "SLUG_TAKEN", "There is a firm with this slug.")
    public static let noSuchInvitation = Reason(
        .notFound, "NO_SUCH_INVITATION", "There is no such invitation; it may have been used.")
    public static let invitationExpired = Reason(
        .failedPrecondition, "INVITATION_EXPIRED", "The invitation has expired.")
}

/// Reasons of OTPService, which AuthService passes on.
extension Reason {
    public static let wrongCode = Reason(.unauthenticated, "WRONG_CODE", "The code is wrong.")
    public static let codeUsed = Reason(.unauthenticated, "CODE_USED", "The code was used before.")
    public static let codeExpired = Reason(.failedPrecondition, "CODE_EXPIRED", "The code has expired.")
    public static let notBegun = Reason(
        .failedPrecondition, "NOT_BEGUN", "No code was asked for, so there is none to check.")
    public static let notSetUp = Reason(.failedPrecondition, "NOT_SET_UP", "This factor is not set up.")
    public static let alreadySetUp = Reason(
        .failedPrecondition, "ALREADY_SET_UP", "This factor is set up; remove it first.")
    public static let tooManyAttempts = Reason(
        .resourceExhausted, "TOO_MANY_ATTEMPTS", "There were too many wrong tries.")
    public static let tooManyCodes = Reason(
        .resourceExhausted, "TOO_MANY_CODES", "Too many codes were sent.")
    public static let badPhone = Reason(
        .invalidArgument, "BAD_PHONE", "This is no phone number that codes can be sent to.")
}

/// Reasons of SMSGateway.
extension Reason {
    public static let alreadyExpired = Reason(
        .invalidArgument, "ALREADY_EXPIRED", "The code expires before it could be of use.")
    public static let keyReused = Reason(
        .alreadyExists, "KEY_REUSED", "The key was used for another number, code or purpose.")
    public static let blocked = Reason(.permissionDenied, "BLOCKED", "No messages are sent to this number.")
    public static let queueFull = Reason(.unavailable, "QUEUE_FULL", "The queue is full.")
    public static let noSuchMessage = Reason(.notFound, "NO_SUCH_MESSAGE", "There is no such message.")
    public static let noSuchProvider = Reason(
        .notFound, "NO_SUCH_PROVIDER", "There is no provider of this name.")
    public static let notRetryable = Reason(
        .failedPrecondition, "NOT_RETRYABLE", "Only a failed or uncertain message can be sent again.")
    public static let badSignature = Reason(
        .unauthenticated, "BAD_SIGNATURE",
        "This does not bear the signature of the provider it is said to be from.")
    public static let notBlocked = Reason(.notFound, "NOT_BLOCKED", "This prefix is not blocked.")
}
