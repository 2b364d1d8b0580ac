@main
enum SMSGateway {
    static func main() {}
}
