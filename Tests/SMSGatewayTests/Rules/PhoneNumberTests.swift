import Testing

@testable import SMSGateway

@Suite("Phone numbers") struct PhoneNumberTests {
    @Test(
        "are taken as E.164, and US ones as people write them",
        arguments: [
            ("+14155552671", "+14155552671", "US"),
            ("(415) 555-2671", "+14155552671", "US"),
            ("415-555-2671", "+14155552671", "US"),
            ("415.555.2671", "+14155552671", "US"),
            ("4155552671", "+14155552671", "US"),
            ("1 415 555 2671", "+14155552671", "US"),
            ("14155552671", "+14155552671", "US"),
            ("+1 (415) 555-2671", "+14155552671", "US"),
            (" +1 415\u{A0}555\u{2011}2671 ", "+14155552671", "US"),
            ("(604) 555-0123", "+16045550123", "CA"),
            ("+15145550123", "+15145550123", "CA"),
            ("+17875550123", "+17875550123", "PR"),
            ("+13405550123", "+13405550123", "VI"),
            ("+18765550123", "+18765550123", "JM"),
            ("+18095550123", "+18095550123", "DO"),
            ("+12425550123", "+12425550123", "BS"),
            ("+44 20 7946 0018", "+442079460018", "GB"),
            ("+44 7797 712345", "+447797712345", "JE"),
            ("+49 30 901820", "+4930901820", "DE"),
            ("+79161234567", "+79161234567", "RU"),
            ("+77011234567", "+77011234567", "KZ"),
            ("+5999 123 4567", "+59991234567", "CW"),
            ("+390669812345", "+390669812345", "VA"),
            ("+2901234", "+2901234", "SH"),
            ("+8613123456789", "+8613123456789", "CN"),
        ])
    func taken(text: String, e164: String, country: String) throws {
        let number = try PhoneNumber(text)
        #expect(number.e164 == e164)
        #expect(number.country == country)
        #expect(number.special == nil)
        #expect(number.refusal(allowing: [country]) == nil)
    }

    @Test(
        "are refused where they cannot be one, with the reason",
        arguments: [
            ("", "has no digits"),
            ("+", "has 0 digits after its +"),
            ("()", "has no digits"),
            ("555-2671", "no US number of ten digits"),
            ("44 20 7946 0018", "begins with + and its code"),
            ("0415 555 2671", "no US number of ten digits"),
            ("011 44 20 7946 0018", "no US number of ten digits"),
            ("+0 415 555 2671", "has a 0 after its +"),
            ("+12", "has 2 digits after its +, not 7 to 15"),
            ("+1234567890123456", "has 16 digits after its +, not 7 to 15"),
            ("415-555-CODE", "has a character that no phone number has"),
            ("4155552671 x12", "has a character that no phone number has"),
            ("415+5552671", "has a character that no phone number has"),
            ("++14155552671", "has a character that no phone number has"),
            ("٤١٥٥٥٥٢٦٧١", "has a character that no phone number has"),
            ("+1415555267", "cannot be"),
            ("+141555526711", "cannot be"),
            ("+4420794600", "has 10 digits after its +; those of GB have 9, 11, 12"),
            ("+4420794600181", "has 13 digits after its +; those of GB have 9, 11, 12"),
            ("+11155552671", "cannot be"),
            ("+10155552671", "cannot be"),
            ("+19115552671", "cannot be"),
            ("+12115552671", "cannot be"),
            ("+12925552671", "cannot be"),
            ("+13705552671", "cannot be"),
            ("+19605552671", "cannot be"),
            ("(415) 155-2671", "cannot be"),
            ("(415) 055-2671", "cannot be"),
            ("(415) 911-2671", "cannot be"),
            ("+2101234567", "begins with no country's code"),
            ("+9991234567", "begins with no country's code"),
            (String(repeating: "1", count: 65), "is longer than a phone number"),
        ])
    func refused(text: String, problem: String) {
        let error = #expect(throws: BadNumber.self) { try PhoneNumber(text) }
        #expect(error?.problem.contains(problem) == true, "\(error.map { "\($0)" } ?? "")")
    }

    @Test(
        "of special ranges are refused whatever country is allowed",
        arguments: [
            ("+19005550123", NumberingPlan.Special.premium),
            ("+14159765555", .service),
            ("+18005550123", .tollFree),
            ("+18335550123", .tollFree),
            ("+18885550123", .tollFree),
            ("+15005550006", .personal),
            ("+15335550123", .personal),
            ("+16005550123", .service),
            ("+17005550123", .service),
            ("+17105550123", .service),
            ("+14155551212", .service),
            ("+881612345678", .satellite),
            ("+870773123456", .satellite),
            ("+882161234567", .international),
            ("+883510012345", .international),
            ("+979123456789", .premium),
            ("+80012345678", .tollFree),
            ("+447012345678", .personal),
            ("+449098790123", .premium),
            ("+448712345678", .premium),
            ("+499001234567", .premium),
            ("+33891123456", .premium),
            ("+611900123456", .premium),
        ])
    func special(text: String, kind: NumberingPlan.Special) throws {
        let number = try PhoneNumber(text)
        #expect(number.special == kind)
        let refusal = number.refusal(allowing: Set(["US", "CA", "GB", "DE", "FR", "AU"]))
        #expect(refusal == "No codes are sent to \(kind.rawValue) numbers.")
    }

    @Test(
        "of ordinary ranges are not taken for special ones",
        arguments: [
            "+14155550100", "+12125551234", "+447700900123", "+4915112345678", "+33612345678", "+61412345678",
            "+34612345678", "+393331234567", "+31612345678", "+353851234567", "+64211234567", "+525512345678",
            "+436641234567", "+41791234567", "+32471234567",
        ])
    func ordinary(text: String) throws {
        #expect(try PhoneNumber(text).special == nil)
    }

    @Test("are sent to in the countries of the list alone")
    func countries() throws {
        #expect(
            try PhoneNumber("+442079460018").refusal(allowing: ["US", "CA"])
                == "No codes are sent to numbers of GB, only of CA, US.")
        #expect(try PhoneNumber("+17875550123").refusal(allowing: ["US"]) != nil)
        #expect(try PhoneNumber("+17875550123").refusal(allowing: ["US", "PR"]) == nil)
    }

    @Test("of an area code that no table has are of the US, as nearly every new one is")
    func newAreaCode() throws {
        #expect(try PhoneNumber("+12325550123").country == "US")
    }

    @Test("show the country's code and two digits, and nothing else, wherever they are printed")
    func masked() throws {
        let number = try PhoneNumber("+14155552671")
        #expect(number.masked == "+1••••••••71")
        #expect("\(number)" == "+1••••••••71")
        #expect(String(reflecting: number) == "+1••••••••71")
        #expect(number.prefix == "+1415555")
        var dumped = ""
        dump(number, to: &dumped)
        #expect(!dumped.contains("555"))
        #expect(try PhoneNumber("+442079460018").masked == "+44••••••••18")
    }
}
