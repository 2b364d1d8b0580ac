/// The bytes of one connection that were read and are no complete frame yet.
struct FrameReader {
    private var partial: [UInt8] = []

    /// Whether a frame was begun that is not complete.
    var isInsideFrame: Bool { !partial.isEmpty }

    enum Failure: Error, Equatable { case empty, tooLong(Int) }

    /// Gives each complete frame of what is left over and `new` to `body`, which returns whether to go on; the rest is
    /// kept for the next time.
    mutating func take(
        _ new: UnsafeRawBufferPointer, limit: Int, _ body: (UnsafeRawBufferPointer) -> Bool
    ) throws(Failure) {
        if partial.isEmpty {
            let used = try Self.frames(of: new, limit: limit, body)
            if used < new.count { partial.append(contentsOf: new[used...]) }
        } else {
            partial.append(contentsOf: new)
            var all: [UInt8] = []
            swap(&all, &partial)
            let used = try all.withUnsafeBytes { bytes in
                Result { () throws(Failure) in try Self.frames(of: bytes, limit: limit, body) }
            }.get()
            all.removeSubrange(..<used)
            swap(&all, &partial)
        }
    }

    /// How many of `bytes` were complete frames that `body` took.
    private static func frames(
        of bytes: UnsafeRawBufferPointer, limit: Int, _ body: (UnsafeRawBufferPointer) -> Bool
    ) throws(Failure) -> Int {
        var used = 0
        while bytes.count - used >= 4 {
            let length = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: used, as: UInt32.self)))
            guard length > 0 else { throw .empty }
            guard length <= limit else { throw .tooLong(length) }
            guard bytes.count - used - 4 >= length else { break }
            used += 4 + length
            guard body(UnsafeRawBufferPointer(rebasing: bytes[(used - length)..<used])) else { break }
        }
        return used
    }
}
