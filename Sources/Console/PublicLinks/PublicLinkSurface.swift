import DriveCore
import HTTPEdge
import Hummingbird
import NIOCore

/// What a person sees who was sent a public link: `/~...`. A file is a page with a button, a folder is a list to walk
/// through, either may ask for a password first. No page runs anything or needs anything from elsewhere.
///
/// A link that never was, was revoked, has expired, is used up or leads into the trash is answered alike, and so is
/// everything outside a shared folder. Codes and passwords cannot be tried without end: each address may be wrong so many
/// times and must then wait.
package struct PublicLinkSurface: Surface {
    private let drive: Drive
    private let cookies: LinkCookies
    private let wrongCodes = LeakyBuckets(.init(capacity: 30, drainPerSecond: 0.1))
    /// Per link and address.
    private let wrongPasswords = LeakyBuckets(.init(capacity: 10, drainPerSecond: 0.1))

    package init(drive: Drive) {
        self.drive = drive
        cookies = LinkCookies(drive: drive)
    }

    package func claims(_ path: String) -> Bool { path.hasPrefix("/~") || LinkAddress.respelled(path) != nil }

    package func respond(to request: EdgeRequest) async throws -> Response {
        var response = try await answer(request)
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.robots] = "noindex, nofollow"
        return response
    }

    private func answer(_ request: EdgeRequest) async throws -> Response {
        if let path = LinkAddress.respelled(request.path) { return Self.redirect(.permanentRedirect, to: path) }
        guard [.get, .head, .post].contains(request.method) else {
            return Response(status: .methodNotAllowed, headers: [.allow: "GET, HEAD, POST"])
        }
        guard let address = LinkAddress(request.path) else { return DeadEnd.nothing.response(to: request) }
        if let seconds = wrongCodes.admit(request.limitKey, atMs: drive.now()) {
            return DeadEnd.tooMany(seconds: seconds).response(to: request)
        }
        let link: PublicLink?
        do {
            link = try await drive.publicLink(code: address.code)
        } catch {
            wrongCodes.forgive(request.limitKey)
            throw error
        }
        guard let link else { return DeadEnd.nothing.response(to: request) }
        wrongCodes.forgive(request.limitKey)
        return try await visit(link, address, request) ?? DeadEnd.nothing.response(to: request)
    }

    private func visit(_ link: PublicLink, _ address: LinkAddress, _ request: EdgeRequest) async throws -> Response? {
        guard let place = address.place else { return nil }
        if link.isUsedUp, !(place.isDownload && !cookies.resumable(link.id, by: request).isEmpty) { return nil }
        let page = LinkAddress.path(of: address.code, place.uuid)
        if request.method == .post {
            // There is only one form, and a link without a password has nothing to ask.
            return cookies.isOpen(link, to: request)
                ? Self.redirect(.seeOther, to: page) : try await tryPassword(link, address.code, page, request)
        }
        guard cookies.isOpen(link, to: request) else {
            return PasswordPage(action: page, wasWrong: false).response(to: request)
        }
        if place.isDownload {
            return try await LinkDownload(drive: drive, cookies: cookies).response(
                link, code: address.code, uuid: place.uuid, to: request)
        }
        return try await show(link, address.code, place.uuid, request)
    }

    private func show(
        _ link: PublicLink, _ code: String, _ uuid: String?, _ request: EdgeRequest
    ) async throws -> Response? {
        let number = (try? Value.query(request.query))?["page"]?.pageNumber ?? 1
        guard let place = try await drive.sharedPlace(in: link.id, at: uuid, page: number) else { return nil }
        let trail = LinkTrail(code: code, steps: place.above)
        if let children = place.children {
            return FolderPage(
                code: code, uuid: uuid, name: place.item.name, children: children, number: number, trail: trail
            ).response()
        }
        guard let content = try await drive.sharedContent(in: link.id, at: uuid) else { return nil }
        return FilePage(
            download: LinkAddress.download(code, uuid), item: place.item,
            kind: KindWords.text(mediaType: content.servedMediaType, name: place.item.name),
            changed: Stamp(place.item.updatedMs, zone: drive.account.timeZone), trail: trail
        ).response()
    }

    private func tryPassword(
        _ link: PublicLink, _ code: String, _ page: String, _ request: EdgeRequest
    ) async throws -> Response {
        let key = "\(link.id) \(request.limitKey)"
        if let seconds = wrongPasswords.admit(key, atMs: drive.now()) {
            return DeadEnd.tooMany(seconds: seconds).response(to: request)
        }
        var limits = ParsingLimits()
        (limits.memory, limits.body, limits.values) = (16 * 1024, 64 * 1024, 16)
        let form = try await request.parameters(limits: limits, diversion: nil)
        guard case .string(let password)? = form.tree["password"],
            let mark = try await drive.passwordMark(of: link.id, matching: password)
        else { return PasswordPage(action: page, wasWrong: true).response(to: request) }
        wrongPasswords.forgive(key)
        var response = Self.redirect(.seeOther, to: page)
        response.headers[.setCookie] = cookies.opening(link.id, mark: mark, code: code, for: request)
        return response
    }

    /// - Parameter path: of this server.
    private static func redirect(_ status: HTTPResponse.Status, to path: String) -> Response {
        Response(status: status, headers: [.location: path, .cacheControl: "no-store", .contentLength: "0"])
    }
}

extension Value {
    /// A page's number, 1 or more; nil when it is none.
    fileprivate var pageNumber: Int64? {
        guard case .string(let text) = self, let number = Int64(text), (1...1_000_000).contains(number) else {
            return nil
        }
        return number
    }
}

extension HTTPFields.Element.Name {
    fileprivate static let referrerPolicy = Self("Referrer-Policy")!
    fileprivate static let robots = Self("X-Robots-Tag")!
}
