import Foundation
import Hummingbird
import Logging
import NIOCore

/// Answers one route with the same JSON every time: the least that a request costs in this framework.
///
///     bare PORT PATH FILE      PATH: the route, FILE: what it answers
@main
struct Bare {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 4, let port = Int(arguments[1]),
            let content = FileManager.default.contents(atPath: arguments[3])
        else {
            FileHandle.standardError.write(Data("usage: bare PORT PATH FILE\n".utf8))
            exit(2)
        }
        let body = ByteBuffer(bytes: content)
        let headers: HTTPFields = [
            .contentType: "application/json; charset=utf-8", .contentLength: String(body.readableBytes),
        ]
        let router = Router()
        router.get(RouterPath(arguments[2])) { _, _ in
            Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: body))
        }
        var log = Logger(label: "bare")
        log.logLevel = .warning
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port), backlog: 1024),
            logger: log)
        try await application.runService()
    }
}
