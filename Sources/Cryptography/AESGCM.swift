import CCrypto

/// AES-256 in Galois/Counter mode (NIST SP 800-38D) with nonces of 12 bytes and tags of 16.
enum AESGCM {
    static let keySize = 32
    static let nonceSize = 12
    static let tagSize = 16

    /// Looked up once, since a look-up costs as much as sealing a code.
    // Safe to share: libcrypto never changes a fetched cipher, and this one is never freed.
    private static nonisolated(unsafe) let cipher: OpaquePointer? =
        unsafe EVP_CIPHER_fetch(nil, "AES-256-GCM", nil)

    /// `header`, then `plain` encrypted, then the tag. `associated` is authenticated, and not part of what comes out.
    static func seal(
        _ plain: [UInt8], key: [UInt8], nonce: [UInt8], associated: [UInt8], after header: [UInt8] = []
    ) -> [UInt8] {
        let context = Context(key: key, nonce: nonce, sealing: true)
        context.authenticate(associated)
        let size = header.count + plain.count + tagSize
        return unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            for (index, byte) in header.enumerated() { unsafe buffer[index] = byte }
            let body = unsafe UnsafeMutableBufferPointer(rebasing: buffer[header.count..<size])
            unsafe context.seal(plain, into: body)
            filled = size
        }
    }

    /// What was sealed; nil where a bit of `sealed` (ciphertext and tag) or `associated` is not as it was, or the key
    /// or nonce is another one.
    static func open(
        _ sealed: ArraySlice<UInt8>, key: [UInt8], nonce: [UInt8], associated: [UInt8]
    ) -> [UInt8]? {
        guard sealed.count >= tagSize else { return nil }
        let context = Context(key: key, nonce: nonce, sealing: false)
        context.authenticate(associated)
        return context.open(sealed)
    }

    /// One operation under way. Ends the process where libcrypto cannot do it, which only a lack of memory explains.
    @safe private struct Context: ~Copyable {
        private let raw: OpaquePointer?

        init(key: [UInt8], nonce: [UInt8], sealing: Bool) {
            precondition(key.count == keySize && nonce.count == nonceSize, "a key or nonce of the wrong size")
            unsafe raw = EVP_CIPHER_CTX_new()
            require(unsafe EVP_CipherInit_ex2(raw, cipher, key, nonce, sealing ? 1 : 0, nil))
        }

        deinit { unsafe EVP_CIPHER_CTX_free(raw) }

        func authenticate(_ associated: [UInt8]) {
            var count: Int32 = 0
            require(unsafe EVP_CipherUpdate(raw, nil, &count, associated, Int32(associated.count)))
        }

        func seal(_ plain: [UInt8], into output: UnsafeMutableBufferPointer<UInt8>) {
            let end = unsafe output.baseAddress.map { unsafe $0 + plain.count }
            var count: Int32 = 0
            require(unsafe EVP_CipherUpdate(raw, output.baseAddress, &count, plain, Int32(plain.count)))
            require(unsafe EVP_CipherFinal_ex(raw, end, &count))
            require(unsafe EVP_CIPHER_CTX_ctrl(raw, EVP_CTRL_AEAD_GET_TAG, Int32(tagSize), end))
        }

        func open(_ sealed: ArraySlice<UInt8>) -> [UInt8]? {
            let size = sealed.count - tagSize
            var tag = Array(sealed.suffix(tagSize))
            var isAuthentic = false
            var plain = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
                unsafe sealed.withUnsafeBufferPointer { input in
                    var count: Int32 = 0
                    require(
                        unsafe EVP_CipherUpdate(
                            raw, buffer.baseAddress, &count, input.baseAddress, Int32(size)))
                    require(unsafe EVP_CIPHER_CTX_ctrl(raw, EVP_CTRL_AEAD_SET_TAG, Int32(tagSize), &tag))
                    unsafe isAuthentic = EVP_CipherFinal_ex(raw, buffer.baseAddress, &count) == 1
                }
                filled = size
            }
            // What was decrypted before its tag proved wrong is nobody's to see (SP 800-38D, section 7.2).
            guard isAuthentic else {
                wipe(&plain)
                return nil
            }
            return plain
        }

        private func require(_ result: Int32) {
            guard result == 1 else { fatalError("libcrypto cannot do AES-256-GCM: is there memory left?") }
        }
    }
}
