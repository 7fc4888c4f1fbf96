import DriveCore
import HTTPEdge
import Hummingbird
import NIOCore

/// The amoCRM door: the account host's and the files host's paths on one server.
package struct AmoSurface: Surface {
    private let drive: Drive
    private let routes: [Route]
    /// Wrong client ids and secrets shown where tokens are given, by address.
    private let clientFailures = FailureLimit(.init(capacity: 50, drainPerSecond: 0.5))
    private let limits: LeakyBuckets?

    /// - Parameter requestsPerSecond: what one integration may send to each of the two hosts, above 0; nil: no limit.
    ///   Parts of uploads and downloads are not counted: their URL is their credential, and no integration is known.
    package init(drive: Drive, requestsPerSecond: Int64? = nil) {
        self.drive = drive
        routes = Self.routes
        limits = requestsPerSecond.map { rate in
            LeakyBuckets(.init(capacity: Double(rate), drainPerSecond: Double(rate)))
        }
    }

    private static let roots = ["v1.0/", "upload/", "download/", "preview/", "api/v4/", "oauth2/"]

    package func claims(_ path: String) -> Bool {
        let path = path.utf8.drop { $0 == UInt8(ascii: "/") }
        return Self.roots.contains { path.starts(with: $0.utf8) }
    }

    package func respond(to request: EdgeRequest) async throws -> Response {
        let host = Host(path: request.path)
        do {
            return Self.response(to: try await answer(request), from: host)
        } catch {
            return Self.response(to: Failure(error, log: request.log), from: host)
        }
    }

    private func answer(_ request: EdgeRequest) async throws -> Answer {
        guard let segments = request.path.pathSegments() else {
            throw Failure(.badRequest, "The path is not percent-encoded correctly")
        }
        var allowed: [String] = []
        for route in routes {
            guard let captures = route.match(segments) else { continue }
            guard route.method == request.method else {
                if !allowed.contains(route.method.rawValue) { allowed.append(route.method.rawValue) }
                continue
            }
            let visit = Visit(
                drive: drive, request: request, captures: captures, clientFailures: clientFailures)
            switch route.action {
            case .open(let run): return try await run(visit)
            case .scoped(let scopes, let run):
                let grant = try await grant(of: request)
                try admit(grant, to: Host(path: request.path))
                guard scopes.allSatisfy(grant.scopes.contains) else { throw Failure.invalidScope }
                return try await run(Call(visit: visit, caller: try await actor(of: request, grant)))
            }
        }
        guard allowed.isEmpty else {
            var failure = Failure(.methodNotAllowed, "\(request.method.rawValue) is not allowed here")
            failure.allowed = allowed
            throw failure
        }
        throw Failure.notFound
    }

    /// - Throws: 401 without a bearer token that is good now.
    private func grant(of request: EdgeRequest) async throws -> Grant {
        let parts = (request.headers[.authorization] ?? "").split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { throw Failure.unauthorized }
        return try await drive.authenticate(token: String(parts[1]), kind: .amocrm)
    }

    /// Counts a request. Tokens of one integration share a budget, the two hosts do not.
    /// - Throws: 429.
    private func admit(_ grant: Grant, to host: Host) throws {
        let holder = grant.credential.application.map { "application \($0)" } ?? "credential \(grant.credential.id)"
        guard let wait = limits?.admit("\(host) \(holder)", atMs: drive.now()) else { return }
        var failure = Failure(.tooManyRequests, "Too many requests")
        failure.retryAfter = wait
        throw failure
    }

    /// The caller of a grant; an administrator's request may name somebody else to act as.
    private func actor(of request: EdgeRequest, _ grant: Grant) async throws -> Caller {
        guard grant.caller.isAdministrator, let name = HTTPFields.Element.Name("X-Context-User-ID"),
            let wanted = request.headers[name]
        else { return grant.caller }
        guard let id = Int64(wanted), let person = try await drive.personIfAny(Person.ID(id)), person.isActive else {
            throw Failure(.forbidden, "No such user in this account")
        }
        return Caller(
            person: person.id, isAdministrator: person.isAdministrator, application: grant.caller.application,
            departments: person.departments)
    }

    private static func response(to answer: Answer, from host: Host) -> Response {
        switch answer {
        case .value(let value): json(value, status: .ok, type: host.successType)
        case .created(let value): json(value, status: .created, type: host.successType)
        case .empty(let status): Response(status: status, headers: [.contentType: host.successType])
        case .file(let response), .other(let response): response
        }
    }

    private static func response(to failure: Failure, from host: Host) -> Response {
        var response = json(
            failure.body, status: HTTPResponse.Status(code: failure.status.rawValue), type: host.errorType)
        if !failure.allowed.isEmpty { response.headers[.allow] = failure.allowed.joined(separator: ", ") }
        if let wait = failure.retryAfter { response.headers[.retryAfter] = "\(wait)" }
        if failure.status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
        return response
    }

    private static func json(_ value: Value, status: HTTPResponse.Status, type: String) -> Response {
        var buffer = ByteBuffer()
        value.writeJSON(into: &buffer)
        return Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: buffer))
    }
}

extension Drive {
    /// Nil when there is no such person.
    func personIfAny(_ id: Person.ID) async throws -> Person? {
        do {
            return try await person(id)
        } catch DriveError.notFound { return nil }
    }
}
