/// The door that calls go through which may change something. While it is shut they wait before it, and nothing is lost
/// but time; whoever shut it knows that none is at work.
@Loop
final class Door {
    private var atWork = 0
    private var isShut = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private var whenEmpty: CheckedContinuation<Void, Never>?

    /// Lets a call through, once the door is open. Each that came through tells when it is done (``leave()``).
    func enter() async {
        while isShut { await withCheckedContinuation { waiting.append($0) } }
        atWork += 1
    }

    func leave() {
        atWork -= 1
        if atWork == 0 { whenEmpty.take()?.resume() }
    }

    /// Shuts the door, and waits for `milliseconds` at most until none is at work behind it.
    ///
    /// - Returns: whether none is; where one still is, the door is open again.
    func shut(within milliseconds: Int) async -> Bool {
        precondition(!isShut, "the door is shut already")
        isShut = true
        if atWork > 0 {
            let timer = Loop.after(milliseconds: milliseconds) { [self] in whenEmpty.take()?.resume() }
            await withCheckedContinuation { whenEmpty = $0 }
            timer.cancel()
        }
        guard atWork == 0 else {
            open()
            return false
        }
        return true
    }

    func open() {
        isShut = false
        let waiting = waiting
        self.waiting = []
        for call in waiting { call.resume() }
    }
}
