import CLinux

/// The host's clock, which codes of authenticators depend on.
public enum HostClock {
    /// Whether the kernel says that something, such as NTP, keeps it right; nil where it does not tell.
    public static var isSynchronised: Bool? {
        switch clinux_clock_synchronised() {
        case 1: true
        case 0: false
        default: nil
        }
    }
}
