@main
enum OTPService {
    static func main() {}
}
