import ServiceKit

@main
enum SMSGatewayMain {
    static func main() { ServiceProcess<Gateway>.run() }
}
