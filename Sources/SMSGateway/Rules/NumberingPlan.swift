/// What the beginning of a number tells: whose numbers they are, and whether they are of a kind that no code
/// is sent to.
///
/// Kept by hand. A range that the tables do not name counts as an ordinary one of its country, since new
/// ranges are opened every month and an old table must not lock a client out; the allow-list of countries
/// bounds what that can cost.
enum NumberingPlan {
    /// A kind of number that no code is sent to: it costs more, or is nobody's mobile phone.
    enum Special: String, CaseIterable {
        case premium = "premium-rate"
        case shared = "shared-cost"
        case tollFree = "toll-free"
        case satellite = "satellite"
        case international = "international service"
        case personal = "personal or pager"
        case service = "service"
    }

    /// ISO 3166 code of the country that `digits`, a number without its `+`, belongs to; nil where no country
    /// has them.
    static func country(_ digits: Substring) -> String? {
        if digits.first == "1" { return NorthAmerica.country(digits.dropFirst()) }
        return longest(digits, in: countries)
    }

    /// The special range that a number of these digits is in, if any.
    static func special(_ digits: Substring) -> Special? {
        if digits.first == "1" { return NorthAmerica.special(digits.dropFirst()) }
        return longest(digits, in: specials)
    }

    /// Whether numbers of the country with this ISO 3166 code can be told.
    static func isCountry(_ code: String) -> Bool {
        NorthAmerica.countries.contains(code) || countries.values.contains(code)
    }

    /// The value of the longest beginning of `digits` that `table` has.
    private static func longest<Value>(_ digits: Substring, in table: [Substring: Value]) -> Value? {
        for length in stride(from: min(7, digits.count), through: 1, by: -1) {
            if let value = table[digits.prefix(length)] { return value }
        }
        return nil
    }

    /// Country codes of ITU-T E.164, and the ranges below one that are another country's. Those of +1:
    /// ``NorthAmerica``.
    private static let countries = pairs(
        """
        7 RU 76 KZ 77 KZ 20 EG 27 ZA 30 GR 31 NL 32 BE 33 FR 34 ES 36 HU 39 IT 3906698 VA 40 RO 41 CH 43 AT 44 GB
        441481 GG 447781 GG 447839 GG 447911 GG 441534 JE 447509 JE 447797 JE 447829 JE 447937 JE
        441624 IM 447524 IM 447624 IM 447924 IM 45 DK 46 SE 47 NO 4779 SJ 48 PL 49 DE 51 PE 52 MX 53 CU 54 AR
        55 BR 56 CL 57 CO 58 VE 60 MY 61 AU 6189162 CC 6189164 CX 62 ID 63 PH 64 NZ 65 SG 66 TH 81 JP 82 KR
        84 VN 86 CN 90 TR 91 IN 92 PK 93 AF 94 LK 95 MM 98 IR
        211 SS 212 MA 213 DZ 216 TN 218 LY 220 GM 221 SN 222 MR 223 ML 224 GN 225 CI 226 BF 227 NE 228 TG
        229 BJ 230 MU 231 LR 232 SL 233 GH 234 NG 235 TD 236 CF 237 CM 238 CV 239 ST 240 GQ 241 GA 242 CG
        243 CD 244 AO 245 GW 246 IO 247 AC 248 SC 249 SD 250 RW 251 ET 252 SO 253 DJ 254 KE 255 TZ 256 UG
        257 BI 258 MZ 260 ZM 261 MG 262 RE 262269 YT 262639 YT 263 ZW 264 NA 265 MW 266 LS 267 BW 268 SZ
        269 KM 290 SH 291 ER 297 AW 298 FO 299 GL
        350 GI 351 PT 352 LU 353 IE 354 IS 355 AL 356 MT 357 CY 358 FI 35818 AX 359 BG 370 LT 371 LV 372 EE
        373 MD 374 AM 375 BY 376 AD 377 MC 378 SM 380 UA 381 RS 382 ME 383 XK 385 HR 386 SI 387 BA 389 MK
        420 CZ 421 SK 423 LI
        500 FK 501 BZ 502 GT 503 SV 504 HN 505 NI 506 CR 507 PA 508 PM 509 HT 590 GP 591 BO 592 GY 593 EC
        594 GF 595 PY 596 MQ 597 SR 598 UY 599 BQ 5999 CW
        670 TL 672 NF 673 BN 674 NR 675 PG 676 TO 677 SB 678 VU 679 FJ 680 PW 681 WF 682 CK 683 NU 685 WS
        686 KI 687 NC 688 TV 689 PF 690 TK 691 FM 692 MH 850 KP 852 HK 853 MO 855 KH 856 LA 880 BD 886 TW
        960 MV 961 LB 962 JO 963 SY 964 IQ 965 KW 966 SA 967 YE 968 OM 970 PS 971 AE 972 IL 973 BH 974 QA
        975 BT 976 MN 977 NP 992 TJ 993 TM 994 AZ 995 GE 996 KG 998 UZ
        """)

    /// The ITU's global services, and what the countries nearest to ours in custom set apart.
    private static let ranges: [(special: Special, prefixes: String)] = [
        (.satellite, "870 881"),
        (.international, "882 883 888 991"),
        (.personal, "878 4470 4476 353700 49164 49700 3166 3470 39178 39199 41740 41878 61163 6470 52500"),
        (.tollFree, "800 4480 353180 49800 3380 34800 34900 3980 31800 32800 41800 43800 61180 6480 52800"),
        (.shared, "808 443 4484 4487 353185 353818 49180 49181 4913 338 34901 34902 3984 3184 3278 4184"),
        (.shared, "4381 4382 6113 52300"),
        (.premium, "979 449 35315 49900 49137 3389 34803 34806 34807 39144 39163 39164 39166 3989 3190 3290"),
        (.premium, "3270 4190 4390 4393 6119 6490 52900"),
    ]

    private static let specials: [Substring: Special] = ranges.reduce(into: [:]) { table, range in
        for prefix in range.prefixes.split(separator: " ") { table[prefix] = range.special }
    }

    /// Reads `PREFIX WORD PREFIX WORD …`.
    private static func pairs(_ text: String) -> [Substring: String] {
        let words = text.split(whereSeparator: \.isWhitespace)
        return stride(from: 0, to: words.count, by: 2).reduce(into: [:]) { table, at in
            table[words[at]] = String(words[at + 1])
        }
    }
}
