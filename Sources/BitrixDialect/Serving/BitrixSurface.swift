import DriveCore
import HTTPEdge
import Hummingbird
import Logging
import NIOCore

/// The Bitrix24 door: `/rest/...`, the address attached files are downloaded from, and the one that gives tokens.
package struct BitrixSurface: Surface {
    let drive: Drive
    let dates: WireDates
    let links: Links
    private let limits: LimitKeeper
    private let gate: PortalGate
    let tokens: TokenEndpoint

    package init(drive: Drive, limits: BitrixLimits = .init()) {
        self.drive = drive
        self.limits = LimitKeeper(limits)
        gate = PortalGate(drive: drive)
        dates = WireDates(zone: drive.account.timeZone)
        links = Links(drive: drive)
        tokens = TokenEndpoint(drive: drive)
    }

    private static let callVerbs: [HTTPRequest.Method] = [.get, .post]

    package func claims(_ path: String) -> Bool {
        path == "/rest" || path.hasPrefix("/rest/") || path == CallAddress.attachedFilePath
            || TokenEndpoint.claims(path)
    }

    package func respond(to request: EdgeRequest) async throws -> Response {
        if TokenEndpoint.claims(request.path) { return try await tokens.response(to: request) }
        let startedMs = drive.now()
        var format = CallAddress.Format.json
        var verbs = Self.callVerbs
        do {
            guard request.isTrustedTransport else { throw Failure.system(.httpsRequired) }
            guard let address = CallAddress(path: request.path) else {
                throw Failure(ParsingError.malformed("The path has a broken percent escape"))
            }
            switch address {
            case .method(let name, let asked, let credential):
                format = asked
                guard verbs.contains(request.method) else { throw Failure.system(.verbNotAllowed) }
                try limits.admit(request.remoteAddress, atMs: startedMs)
                try await gate.pass()
                let answer = try await call(name, credential, request, startedMs)
                return success(answer, format, startedMs)
            case .upload:
                verbs = [.post]
                guard verbs.contains(request.method) else { throw Failure.system(.verbNotAllowed) }
                return success(try await UploadEndpoint(self).answer(request), format, startedMs)
            case .download, .attachedFile:
                verbs = [.get, .head]
                guard verbs.contains(request.method) else { throw Failure.system(.verbNotAllowed) }
                return try await DownloadEndpoint(self).response(to: request)
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            let failure = Failure(error, log: request.log)
            var response = response(failure.status, Envelope.failure(failure), format)
            if let seconds = failure.retryAfterSeconds { response.headers[.retryAfter] = String(seconds) }
            if failure.status == 405 { response.headers[.allow] = verbs.map(\.rawValue).joined(separator: ", ") }
            return response
        }
    }

    /// The checks in the order every call goes through them, the transport's, the rate's and the portal's behind it:
    /// credentials, method, scope, operating time, application, arguments; the method itself then asks for rights.
    private func call(
        _ name: String, _ credential: CallAddress.Credential, _ request: EdgeRequest, _ startedMs: Int64
    ) async throws -> Answer {
        let intake = Intake(drive: drive)
        do {
            let answer = try await call(name, credential, request, intake, startedMs)
            await intake.discardAll()
            return answer
        } catch {
            await intake.discardAll()
            throw error
        }
    }

    private func call(
        _ name: String, _ credential: CallAddress.Credential, _ request: EdgeRequest, _ intake: Intake,
        _ startedMs: Int64
    ) async throws -> Answer {
        let called = MethodTable.method(named: name)
        let diversion = intake.base64(for: called)
        switch credential {
        case .webhook(let person, let code):
            guard let person = Int64(person) else { throw Failure.system(.noAuthFound) }
            let grant = try await drive.authenticate(webhook: code, of: Person.ID(person))
            let method = try Dispatcher.admitted(called, for: grant, limits, atMs: startedMs)
            let tree: Value
            do {
                tree = try await request.parameters(limits: limits.parsing, diversion: diversion).tree
            } catch let error as DriveError {
                // No room while the content came in: the page has its own words for that.
                throw Failure(error, words: method.words, log: request.log)
            }
            return try await Dispatcher.run(method, tree, context(grant, request, startedMs))
        case .token:
            let tree: Value
            do {
                tree = try await request.parameters(limits: limits.parsing, diversion: diversion).tree
            } catch let error as ParsingError {
                try await checkReadableCredentials(request)
                throw error
            } catch let error as DriveError {
                try await checkReadableCredentials(request)
                throw Failure(error, words: called?.words ?? Words(), log: request.log)
            }
            let grant = try await grant(auth: tree["auth"], request)
            let method = try Dispatcher.admitted(called, for: grant, limits, atMs: startedMs)
            return try await Dispatcher.run(method, tree, context(grant, request, startedMs))
        }
    }

    /// Credentials come first where they can be read although the body cannot.
    private func checkReadableCredentials(_ request: EdgeRequest) async throws {
        let auth = try? Value.query(request.query)["auth"]
        if auth != nil || request.headers[.authorization] != nil { _ = try await grant(auth: auth, request) }
    }

    /// The parameter wins over the header.
    private func grant(auth: Value?, _ request: EdgeRequest) async throws -> Grant {
        let header = request.headers[.authorization].flatMap { header -> String? in
            guard header.lowercased().hasPrefix("bearer ") else { return nil }
            return header.dropFirst(7).trimmingPrefix { $0 == " " }.description
        }
        let token = auth.flatMap { $0.isBlank ? nil : $0.text ?? "" } ?? header
        guard let token, !token.isEmpty else { throw Failure.system(.noAuthFound) }
        return try await drive.authenticate(token: token, kind: .bitrix24)
    }

    func context(_ grant: Grant, _ request: EdgeRequest, _ startedMs: Int64) -> CallContext {
        CallContext(
            drive: drive, grant: grant, request: request, startedMs: startedMs,
            wire: wire(grant.caller, request), limits: limits)
    }

    func wire(_ caller: Caller, _ request: EdgeRequest) -> WireContext {
        WireContext(caller: caller, origin: request.origin, dates: dates, links: links)
    }

    private func success(_ answer: Answer, _ format: CallAddress.Format, _ startedMs: Int64) -> Response {
        let envelope = Envelope.success(answer, startedMs: startedMs, finishedMs: drive.now(), dates: dates)
        return response(200, envelope, format)
    }

    private func response(_ status: Int, _ value: Value, _ format: CallAddress.Format) -> Response {
        var buffer = ByteBuffer()
        switch format {
        case .json: value.writeJSON(into: &buffer)
        case .xml: XMLWire.write(value, into: &buffer)
        }
        var headers = HTTPFields()
        // Two of its own, and the edge's two.
        headers.reserveCapacity(4)
        headers.append(format == .json ? Self.jsonType : Self.xmlType)
        headers.append(HTTPFields.Element(name: .contentLength, value: String(buffer.readableBytes)))
        return Response(status: .init(code: status), headers: headers, body: .init(byteBuffer: buffer))
    }

    private static let jsonType = HTTPFields.Element(name: .contentType, value: "application/json; charset=utf-8")
    private static let xmlType = HTTPFields.Element(name: .contentType, value: "application/xml; charset=utf-8")
}
