import Testing
import Wire

@testable import SMSGateway

@Suite("Handles of messages") struct HandlesTests {
    @Test("lead back to the message of that number, until they are released or used again")
    func handles() {
        var handles = Handles(startingAt: .max)
        let (one, other) = (ID(), ID())
        let handle = handles.take(one, number: "+14155552671")
        #expect(handle == 0)
        #expect(handles.message(handle, number: "14155552671") == one)
        #expect(handles.message(handle, number: "14155552672") == nil)
        handles.release(handle, of: other)
        #expect(handles.message(handle, number: "14155552671") == one)
        for _ in 1...65_535 { _ = handles.take(other, number: "+14155550000") }
        #expect(handles.take(other, number: "+14155552671") == handle)
        #expect(handles.message(handle, number: "14155552671") == other)
        handles.release(handle, of: other)
        #expect(handles.message(handle, number: "14155552671") == nil)
    }
}
