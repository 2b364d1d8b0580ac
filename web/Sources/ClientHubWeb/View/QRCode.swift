import CQREncode

/// A text as a QR code (ISO/IEC 18004), drawn as one path of an SVG.
struct QRCode {
    /// Modules to a side, with the quiet zone of four at each edge that scanners need.
    let size: Int
    /// The dark modules, a rectangle for each run in a row.
    let path: String

    /// Nil where the text is too long for a code.
    init?(_ text: String) {
        guard let code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) else { return nil }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        let quiet = 4
        var path = ""
        for row in 0..<width {
            var column = 0
            while column < width {
                let start = column
                while column < width, code.pointee.data[row * width + column] & 1 == 1 { column += 1 }
                if column > start {
                    path += "M\(start + quiet) \(row + quiet)h\(column - start)v1H\(start + quiet)z"
                }
                column += 1
            }
        }
        size = width + 2 * quiet
        self.path = path
    }
}
