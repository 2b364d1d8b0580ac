/// The name of `names` that `word` is most likely a misspelling of: at most two letters away, and not wholly different.
func nearest(to word: String, among names: some Sequence<String>) -> String? {
    var best: (name: String, distance: Int)?
    for name in names {
        let distance = editDistance(Array(word.lowercased()), Array(name.lowercased()))
        if distance <= 2, distance < name.count, distance < best?.distance ?? 3 { best = (name, distance) }
    }
    return best?.name
}

/// How many letters must be put in, taken out or changed to make `one` into `other` (Levenshtein).
private func editDistance(_ one: [Character], _ other: [Character]) -> Int {
    var row = Array(0...other.count)
    for (index, letter) in one.enumerated() {
        var diagonal = row[0]
        row[0] = index + 1
        for column in other.indices {
            let changed = diagonal + (letter == other[column] ? 0 : 1)
            diagonal = row[column + 1]
            row[column + 1] = min(changed, row[column] + 1, diagonal + 1)
        }
    }
    return row[other.count]
}
