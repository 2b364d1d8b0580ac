import ServiceKit

@main
enum Main {
    static func main() { ServiceProcess<AuthService>.run() }
}
