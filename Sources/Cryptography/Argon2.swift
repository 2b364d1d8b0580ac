import CArgon2
import Glibc

/// Argon2id (RFC 9106), computed by libargon2 in memory that the caller keeps.
enum Argon2 {
    /// What is hashed, beside the password. `secret` and `associated` are K and X of RFC 9106, section 3.1.
    struct Input {
        var salt: [UInt8]
        var secret: [UInt8] = []
        var associated: [UInt8] = []
    }

    /// The tag of `count` bytes; `password` is zeroed on the way. Lanes are computed one after another, on this thread.
    static func tag(
        of password: inout [UInt8], _ input: Input, cost: PasswordCost, count: Int,
        in memory: inout Argon2Memory
    ) throws(PasswordError) -> [UInt8] {
        guard let region = unsafe memory.region(of: Int(cost.memory) << 10) else { throw .noMemory }
        var tag = [UInt8](repeating: 0, count: count)
        // libargon2 reads what it takes as mutable pointers; only the password is written to.
        var (salt, secret, associated) = (input.salt, input.secret, input.associated)
        var code = ARGON2_OK.rawValue
        unsafe tag.withUnsafeMutableBufferPointer { tag in
            unsafe password.withUnsafeMutableBufferPointer { password in
                unsafe salt.withUnsafeMutableBufferPointer { salt in
                    unsafe secret.withUnsafeMutableBufferPointer { secret in
                        unsafe associated.withUnsafeMutableBufferPointer { associated in
                            var context = unsafe argon2_context(
                                out: tag.baseAddress, outlen: UInt32(tag.count),
                                pwd: password.baseAddress, pwdlen: UInt32(password.count),
                                salt: salt.baseAddress, saltlen: UInt32(salt.count),
                                secret: secret.baseAddress, secretlen: UInt32(secret.count),
                                ad: associated.baseAddress, adlen: UInt32(associated.count),
                                t_cost: cost.passes, m_cost: cost.memory, lanes: cost.lanes, threads: 1,
                                version: UInt32(ARGON2_VERSION_13.rawValue),
                                allocate_cbk: lend, free_cbk: takeBack,
                                flags: cargon2_clear_password)
                            code = unsafe compute(&context, in: region)
                        }
                    }
                }
            }
        }
        wipe(&secret)
        switch code {
        case ARGON2_OK.rawValue: return tag
        case ARGON2_MEMORY_ALLOCATION_ERROR.rawValue: throw .noMemory
        default: throw .malformed("libargon2 does not take it, error \(code)")
        }
    }

    private static func compute(
        _ context: inout argon2_context, in region: UnsafeMutableRawBufferPointer
    ) -> Int32 {
        var region = unsafe region
        return unsafe withUnsafeMutablePointer(to: &region) { lent in
            unsafe pthread_setspecific(lentRegion, lent)
            defer { pthread_setspecific(lentRegion, nil) }
            return unsafe argon2id_ctx(&context)
        }
    }
}

/// Where the two functions below find the region of the hash under way: libargon2 hands them nothing of ours, but
/// calls them on the thread that asked for the hash.
private let lentRegion: pthread_key_t = {
    var key = pthread_key_t()
    let code = unsafe pthread_key_create(&key, nil)
    precondition(code == 0, "the process has used up its thread-specific keys")
    return key
}()

/// Gives libargon2 the region instead of new memory.
private func lend(_ memory: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, _ bytes: Int) -> Int32 {
    guard let lent = unsafe pthread_getspecific(lentRegion) else {
        return ARGON2_MEMORY_ALLOCATION_ERROR.rawValue
    }
    let region = unsafe lent.assumingMemoryBound(to: UnsafeMutableRawBufferPointer.self).pointee
    guard bytes <= region.count else { return ARGON2_MEMORY_ALLOCATION_ERROR.rawValue }
    unsafe memory?.pointee = region.assumingMemoryBound(to: UInt8.self).baseAddress
    return ARGON2_OK.rawValue
}

/// Nothing to do: libargon2 has zeroed the region, and the next hash uses it.
private func takeBack(_: UnsafeMutablePointer<UInt8>?, _: Int) {}
