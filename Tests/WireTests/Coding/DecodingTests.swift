import FoundationEssentials
import Testing

@testable import Wire

/// How bodies become values, and what is said of those that cannot.
struct DecodingTests {
    enum Colour: String, Word { case red, green, darkBlue }

    struct Owner: Codable, Hashable {
        var email: String
        var age: UInt8?
    }

    struct Body: Codable, Hashable {
        var name: String
        var owner: Owner?
        var tags: [String]?
        var checks: [Owner]?
        var byName: [String: Owner]?
        var colour: Colour?
        var id: ID?
        var at: Timestamp?
        var data: Data?
        var ratio: Float?
        var flag: Bool?
    }

    @Test("passes over unknown fields, and takes null for absent")
    func lenience() throws {
        let body = try decode(
            Body.self,
            #"{"extra":[{"deep":[1,{}]}],"owner":null,"name":"Ada","tags":null,"id":null,"more":{}}"#)
        #expect(body == Body(name: "Ada"))
    }

    @Test("takes fields in any order")
    func order() throws {
        let body = try decode(
            Body.self, #"{"flag":true,"colour":"darkBlue","owner":{"age":255,"email":"a@b"},"name":"Ada"}"#)
        #expect(
            body == Body(name: "Ada", owner: Owner(email: "a@b", age: 255), colour: .darkBlue, flag: true))
    }

    @Test(
        "names the field at fault, and what it must be",
        arguments: [
            (#"{}"#, "name", "is missing"), (#"{"name":null}"#, "name", "must be a string, not null"),
            (#"{"name":5}"#, "name", "must be a string, not a number"),
            (#"{"name":["x"]}"#, "name", "must be a string, not an array"),
            (#"{"name":{}}"#, "name", "must be a string, not a map"),
            (#"{"name":true}"#, "name", "must be a string, not true"),
            (#"{"name":"","owner":{}}"#, "owner.email", "is missing"),
            (#"{"name":"","owner":7}"#, "owner", "must be a map, not a number"),
            (
                #"{"name":"","owner":{"email":"","age":256}}"#, "owner.age",
                "must be a whole number from 0 to 255"
            ),
            (
                #"{"name":"","owner":{"email":"","age":-1}}"#, "owner.age",
                "must be a whole number from 0 to 255"
            ),
            (#"{"name":"","owner":{"email":"","age":1.5}}"#, "owner.age", "must be a whole number"),
            (
                #"{"name":"","owner":{"email":"","age":"7"}}"#, "owner.age",
                "must be a whole number, not a string"
            ),
            (#"{"name":"","tags":"x"}"#, "tags", "must be an array, not a string"),
            (#"{"name":"","tags":["a","b",3]}"#, "tags[2]", "must be a string, not a number"),
            (#"{"name":"","tags":[null]}"#, "tags[0]", "must be a string, not null"),
            (
                #"{"name":"","checks":[{"email":""},{"email":""},{"email":false}]}"#, "checks[2].email",
                "must be a string, not false"
            ),
            (#"{"name":"","checks":[{"email":""},{}]}"#, "checks[1].email", "is missing"),
            (
                #"{"name":"","byName":{"a.b":{"email":""},"c":{"email":1}}}"#, "byName.c.email",
                "must be a string, not a number"
            ),
            (#"{"name":"","colour":"blue"}"#, "colour", "must be one of red, green, darkBlue"),
            (#"{"name":"","colour":3}"#, "colour", "must be a string, not a number"),
            (#"{"name":"","id":"x"}"#, "id", "must be a UUID"),
            (#"{"name":"","id":1}"#, "id", "must be a string, not a number"),
            (#"{"name":"","at":"yesterday"}"#, "at", "must be a time such as 2026-11-24T09:30:00.000Z"),
            (#"{"name":"","data":"?"}"#, "data", "must be a string in base64"),
            (#"{"name":"","data":[1]}"#, "data", "must be a string in base64, not an array"),
            (#"{"name":"","ratio":1e300}"#, "ratio", "is too large a number"),
            (#"{"name":"","ratio":"1"}"#, "ratio", "must be a number, not a string"),
            (#"{"name":"","flag":1}"#, "flag", "must be true or false, not a number"),
            (#"{"name":"","flag":"true"}"#, "flag", "must be true or false, not a string"),
        ])
    func faults(body: String, path: String, message: String) {
        #expect(throws: BadField(path: path, message: message)) { try decode(Body.self, body) }
    }

    @Test("gives paths from the body on, wherever in the message it stands")
    func pathsBelowTheBody() throws {
        let read = try document(
            #"{"id":1,"x":[[],{}],"body":{"name":"","checks":[{"email":""},{"email":0}]},"y":1}"#)
        #expect(throws: BadField(path: "checks[1].email", message: "must be a string, not a number")) {
            try read.decode(Body.self, from: read.member("body", of: read.root))
        }
        #expect(throws: BadField(path: "", message: "must be a map, not a number")) {
            try read.decode(Body.self, from: read.member("id", of: read.root))
        }
        #expect(throws: BadField(path: "name", message: "is missing")) {
            try read.decode(Body.self, from: nil)
        }
    }

    @Test("never repeats what a field holds")
    func noEcho() {
        let secret = "hunter2"
        for body in [
            #"{"name":"","colour":"\#(secret)"}"#, #"{"name":"","id":"\#(secret)"}"#,
            #"{"name":"","at":"\#(secret)"}"#,
            #"{"name":"","data":"\#(secret)!"}"#, #"{"name":"","flag":"\#(secret)"}"#,
        ] {
            let error = #expect(throws: BadField.self) { try decode(Body.self, body) }
            #expect(error?.description.contains(secret) == false)
        }
        let plain = #expect(throws: BadField.self) { try decode(Box<Plain>.self, #"{"v":"\#(secret)"}"#) }
        #expect(plain == BadField(path: "v", message: "is none of the known values"))
    }

    /// An enumeration that is no ``Word``.
    enum Plain: String, Codable { case one }

    struct Even: Codable, Hashable {
        var value: Int

        struct Odd: Error {}

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            value = try container.decode(Int.self)
            if value == 13 { throw Odd() }
            guard value % 2 == 0 else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an even number")
            }
        }
    }

    @Test("says what a type's own initialiser says")
    func ownErrors() {
        #expect(throws: BadField(path: "v[1]", message: "is not right: not an even number")) {
            try decode(Box<[Even]>.self, #"{"v":[2,3]}"#)
        }
        #expect(throws: BadField(path: "v[0]", message: "is none of the known values")) {
            try decode(Box<[Even]>.self, #"{"v":[13]}"#)
        }
    }

    @Test("checks the range of every integer type", arguments: WireEncoding.allCases)
    func ranges(encoding: WireEncoding) throws {
        try checkRange(Int8.self, encoding)
        try checkRange(Int16.self, encoding)
        try checkRange(Int32.self, encoding)
        try checkRange(Int64.self, encoding)
        try checkRange(Int.self, encoding)
        try checkRange(UInt8.self, encoding)
        try checkRange(UInt16.self, encoding)
        try checkRange(UInt32.self, encoding)
        try checkRange(UInt64.self, encoding)
        try checkRange(UInt.self, encoding)
    }

    private func checkRange<I: FixedWidthInteger & Codable & Sendable>(
        _ type: I.Type, _ encoding: WireEncoding
    ) throws {
        for value in [I.min, I.min + 1, 0, 1, 23, 24, 100, I.max - 1, I.max] {
            let body = try encode(Box(v: value), encoding)
            #expect(try decode(Box<I>.self, body).v == value)
            #expect(try decode(Box<[I]>.self, encode(Box(v: [value]), encoding)).v == [value])
        }
        let outOfRange = BadField(path: "v", message: "must be a whole number from \(I.min) to \(I.max)")
        // One below and one above, and the extremes that the wire can carry.
        var beyond = [
            "18446744073709551615", "-18446744073709551615", "-18446744073709551616", "1e19", "-1e300",
        ]
        if I.bitWidth < 64 { beyond += ["\(Int(I.min) - 1)", "\(Int(I.max) + 1)"] }
        if I.max == UInt64.max { beyond.removeFirst() }
        for text in beyond {
            #expect(throws: outOfRange) { try decode(Box<I>.self, "{\"v\":\(text)}") }
        }
        #expect(throws: outOfRange) { try decode(Box<I>.self, hex("a16176 3bffffffffffffffff")) }
        #expect(throws: BadField(path: "v", message: "must be a whole number")) {
            try decode(Box<I>.self, #"{"v":0.5}"#)
        }
        #expect(try decode(Box<I>.self, #"{"v":12.0}"#).v == 12)
        #expect(try decode(Box<I>.self, #"{"v":1.2e1}"#).v == 12)
        #expect(try decode(Box<I>.self, hex("a16176 f94a00")).v == 12)
        #expect(try decode(Box<I>.self, #"{"v":-0}"#).v == 0)
    }

    @Test("takes whole numbers written as floats only as far as they are exact")
    func exactness() throws {
        #expect(try decode(Box<Int>.self, #"{"v":9007199254740992.0}"#).v == 9_007_199_254_740_992)
        #expect(throws: BadField.self) { try decode(Box<Int>.self, #"{"v":9007199254740994.0}"#) }
        #expect(throws: BadField.self) { try decode(Box<UInt64>.self, #"{"v":-1.0}"#) }
    }

    @Test("takes whole numbers where any number will do")
    func wholeDoubles() throws {
        #expect(
            try decode(Box<[Double]>.self, #"{"v":[1,-2,18446744073709551615,0.1]}"#).v == [
                1, -2, 0x1p64, 0.1,
            ])
        #expect(try decode(Box<Double>.self, hex("a16176 3bffffffffffffffff")).v == -0x1p64)
        #expect(try decode(Box<Float>.self, #"{"v":-3}"#).v == -3)
    }

    @Test("takes byte strings in CBOR, base64 in JSON")
    func data() throws {
        let all = Data(UInt8.min...UInt8.max)
        for data in [Data(), Data([0]), Data([0, 255]), all] {
            for encoding in WireEncoding.allCases {
                #expect(try decode(Box<Data>.self, encode(Box(v: data), encoding)).v == data)
            }
        }
        #expect(try encode(Box(v: Data([1, 2])), .cbor) == hex("a16176 420102"))
        #expect(try json(Box(v: Data([1, 2, 3, 4]))) == #"{"v":"AQIDBA=="}"#)
        #expect(throws: BadField(path: "v", message: "must be a string, not a byte string")) {
            try decode(Box<String>.self, hex("a16176 420102"))
        }
        #expect(throws: BadField(path: "v", message: "must be a byte string, not a number")) {
            try decode(Box<Data>.self, hex("a16176 01"))
        }
    }
}
