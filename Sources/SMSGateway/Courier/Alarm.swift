import Wire

/// Lets one task wait until somebody rings or a time is over. A ring that nobody waits for is kept.
@Loop
final class Alarm {
    private var isRinging = false
    private var waiting: CheckedContinuation<Void, Never>?

    func ring() {
        if let waiting = waiting.take() { waiting.resume() } else { isRinging = true }
    }

    func wait(milliseconds: Int) async {
        if !isRinging {
            let timer = Loop.after(milliseconds: milliseconds) { [weak self] in self?.ring() }
            await withCheckedContinuation { waiting = $0 }
            timer.cancel()
        }
        isRinging = false
    }
}
