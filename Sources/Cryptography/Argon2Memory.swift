import Glibc

/// The memory that Argon2 fills, kept between hashes: mapping 19 MiB anew takes as long as filling it.
///
/// libargon2 zeroes it after each hash. It stays out of core dumps, and asks for large pages, since Argon2 jumps about
/// in it.
@safe struct Argon2Memory: ~Copyable {
    private var base: UnsafeMutableRawPointer?
    private var size = 0

    init() {
        unsafe base = nil
    }

    deinit {
        if let base = unsafe base { unsafe munmap(base, size) }
    }

    /// At least `bytes` of zeroed or used memory, mapped if there is not enough of it; nil where there is none to have.
    mutating func region(of bytes: Int) -> UnsafeMutableRawBufferPointer? {
        if bytes > size {
            release()
            let rounded = (bytes + Self.page - 1) / Self.page * Self.page
            let mapped = unsafe mmap(
                nil, rounded, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else { return nil }
            unsafe madvise(mapped, rounded, MADV_HUGEPAGE)
            unsafe madvise(mapped, rounded, MADV_DONTDUMP)
            unsafe base = mapped
            size = rounded
        }
        return unsafe UnsafeMutableRawBufferPointer(start: base, count: size)
    }

    /// Gives the memory back.
    mutating func release() {
        guard let mapped = unsafe base else { return }
        unsafe munmap(mapped, size)
        unsafe base = nil
        size = 0
    }

    /// A large page, so that a region can consist of them.
    private static let page = 2 << 20
}
