import Glibc

/// A moment: milliseconds since 1970-01-01T00:00:00Z. On the wire an RFC 3339 string in UTC with milliseconds,
/// `2026-11-24T09:30:00.000Z`.
public struct Timestamp: Hashable, Comparable, Sendable {
    public var milliseconds: Int64

    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// What the system's clock says.
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    public static func < (one: Timestamp, other: Timestamp) -> Bool { one.milliseconds < other.milliseconds }
    public static func + (time: Timestamp, seconds: Int) -> Timestamp {
        Timestamp(milliseconds: time.milliseconds + Int64(seconds) * 1_000)
    }
    public static func - (time: Timestamp, seconds: Int) -> Timestamp { time + -seconds }

    /// Whole seconds from `other` to this moment, rounded up; negative where `other` is later.
    public func seconds(since other: Timestamp) -> Int {
        let difference = milliseconds - other.milliseconds
        return Int(difference > 0 ? (difference + 999) / 1_000 : difference / 1_000)
    }
}

extension Timestamp: CustomStringConvertible, LosslessStringConvertible {
    public var description: String {
        String(unsafeUninitializedCapacity: Timestamp.longestText, initializingUTF8With: write)
    }

    /// Bytes that ``write(to:)`` needs: 24, and more for years beyond the four digits that RFC 3339 has.
    static let longestText = 32

    /// Writes the characters of ``description`` to `text`, and gives their number.
    func write(to text: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var (day, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        if rest < 0 { (day, rest) = (day - 1, rest + 86_400_000) }
        let date = civil(day: day)
        var at = 0
        func put(_ character: UInt8) {
            text[at] = character
            at += 1
        }
        func two(_ value: Int64) {
            put(0x30 + UInt8(truncatingIfNeeded: value / 10))
            put(0x30 + UInt8(truncatingIfNeeded: value % 10))
        }
        let year = date.year.magnitude
        if date.year < 0 { put(UInt8(ascii: "-")) }
        if year > 9_999 {
            for digit in String(year / 10_000).utf8 { put(digit) }
        }
        two(Int64(year / 100 % 100))
        two(Int64(year % 100))
        put(UInt8(ascii: "-"))
        two(date.month)
        put(UInt8(ascii: "-"))
        two(date.day)
        put(UInt8(ascii: "T"))
        two(rest / 3_600_000)
        put(UInt8(ascii: ":"))
        two(rest / 60_000 % 60)
        put(UInt8(ascii: ":"))
        two(rest / 1_000 % 60)
        put(UInt8(ascii: "."))
        put(0x30 + UInt8(truncatingIfNeeded: rest % 1_000 / 100))
        two(rest % 100)
        put(UInt8(ascii: "Z"))
        return at
    }

    /// Reads RFC 3339 (section 5.6), with any offset and any number of decimals; a leap second is the second before.
    public init?(_ text: String) {
        var input = Array(text.utf8)[...]
        func number(_ count: Int) -> Int64? {
            guard input.count >= count else { return nil }
            var value: Int64 = 0
            for digit in input.prefix(count) {
                guard digit >= 0x30, digit <= 0x39 else { return nil }
                value = value * 10 + Int64(digit - 0x30)
            }
            input = input.dropFirst(count)
            return value
        }
        func take(_ allowed: String) -> UInt8? {
            guard let first = input.first, allowed.utf8.contains(first) else { return nil }
            input = input.dropFirst()
            return first
        }
        guard let year = number(4), take("-") != nil, let month = number(2), take("-") != nil,
            let day = number(2), take("Tt ") != nil, let hour = number(2), take(":") != nil,
            let minute = number(2), take(":") != nil, let second = number(2),
            (1...12).contains(month), day >= 1, day <= daysIn(month: month, of: year),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var millisecond: Int64 = 0
        if take(".") != nil {
            var scale: Int64 = 100
            guard input.first.map({ $0 >= 0x30 && $0 <= 0x39 }) == true else { return nil }
            while let digit = take("0123456789") {
                millisecond += Int64(digit - 0x30) * scale
                scale /= 10
            }
        }
        var offset: Int64 = 0
        if let sign = take("+-") {
            guard let hours = number(2), take(":") != nil, let minutes = number(2), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * (sign == UInt8(ascii: "+") ? 1 : -1)
        } else if take("Zz") == nil {
            return nil
        }
        guard input.isEmpty else { return nil }
        let days = dayNumber(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3_600 + (minute - offset) * 60 + min(second, 59)
        self.init(milliseconds: seconds * 1_000 + millisecond)
    }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let time = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "not a time as RFC 3339 writes it")
        }
        self = time
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

private func daysIn(month: Int64, of year: Int64) -> Int64 {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    default: 31
    }
}

/// Days from 1970-01-01 to a date of the proleptic Gregorian calendar: years start in March, eras have 400 years.
private func dayNumber(year: Int64, month: Int64, day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
}

/// The date of a day counted from 1970-01-01; the reverse of `dayNumber`.
private func civil(day number: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch + (monthFromMarch < 10 ? 3 : -9)
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
}
