/// The release these sources are: what `--version` prints and `wire.Health` answers.
package enum Version {
    package static let current = "0.1.0"
}
