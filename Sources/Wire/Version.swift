/// The release these sources are: what `--version` prints and `wire.Health` answers.
public enum Version {
    public static let current = "0.1.0"
}
