import Cryptography
import ServiceKit
import Wire

/// Signs requests to AWS: Signature Version 4, of a POST to the path `/` without a query.
struct AWSSignature: Sendable {
    let accessKey: String
    let secretKey: Secret
    let region: String
    /// The short name of the service, such as `sns`.
    let service: String

    /// The headers that prove a request with this body of a form, made at `time`.
    func headers(host: String, body: [UInt8], time: Timestamp) -> [(name: String, value: String)] {
        let stamp = Self.stamp(time)
        let type = "application/x-www-form-urlencoded"
        let signed = "content-type;host;x-amz-date"
        let canonical = """
            POST
            /

            content-type:\(type)
            host:\(host)
            x-amz-date:\(stamp)

            \(signed)
            \(SHA256.digest(body))
            """
        let date = String(stamp.prefix(8))
        let scope = "\(date)/\(region)/\(service)/aws4_request"
        let text = "AWS4-HMAC-SHA256\n\(stamp)\n\(scope)\n\(SHA256.digest(canonical))"
        let signature = Hex.encode(HMAC.sha256(key: key(date), Array(text.utf8)))
        return [
            ("Content-Type", type), ("X-Amz-Date", stamp),
            (
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=\(accessKey)/\(scope), SignedHeaders=\(signed), Signature=\(signature)"
            ),
        ]
    }

    /// The key of one day, region and service.
    private func key(_ date: String) -> [UInt8] {
        let first = Array("AWS4\(secretKey.text ?? "")".utf8)
        return [date, region, service, "aws4_request"].reduce(first) { HMAC.sha256(key: $0, Array($1.utf8)) }
    }

    /// `20261124T093000Z`.
    private static func stamp(_ time: Timestamp) -> String {
        let text = time.description.filter { $0 != "-" && $0 != ":" }
        return text.prefix { $0 != "." } + "Z"
    }
}
