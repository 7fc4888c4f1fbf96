import DriveCore
import HTTPEdge
import Hummingbird

/// Signing in and consenting, for every door: the browser's half of OAuth 2.0 (RFC 6749, section 4.1).
///
/// A browser is sent to the address on the application's card and nowhere else, and only after a form of ours came back
/// from the browser it was shown to.
package struct AuthorizationPages: Sendable {
    private let drive: Drive
    private let doors: [AuthorizationDoor]
    private let visitors: Visitors
    private let desk: SignInDesk

    package init(drive: Drive, doors: [AuthorizationDoor]) {
        self.drive = drive
        self.doors = doors
        visitors = Visitors(drive: drive)
        desk = SignInDesk(drive: drive)
    }

    func door(at path: String) -> AuthorizationDoor? { doors.first { $0.isAt(path) } }

    func response(to request: EdgeRequest, at door: AuthorizationDoor) async throws -> Response {
        guard [.get, .head, .post].contains(request.method) else {
            return Response(status: .methodNotAllowed, headers: [.allow: "GET, HEAD, POST"])
        }
        do {
            guard request.isTrustedTransport else { return Self.notice(.badRequest, .needsHTTPS) }
            let asked = try AuthorizationRequest(request, at: door)
            let application = try await drive.applicationAsking(clientID: asked.clientID)
            let scene = Scene(request: request, door: door, asked: asked, application: application)
            return request.method == .post ? try await submit(scene) : try await show(scene)
        } catch DriveError.token(let problem) {
            return Self.notice(.badRequest, .init(problem))
        } catch is ParsingError {
            return Self.notice(.badRequest, .unreadable)
        } catch is AuthorizationRequest.Unreadable {
            return Self.notice(.badRequest, .unreadable)
        }
    }

    /// What stays the same while one request is answered.
    private struct Scene {
        let request: EdgeRequest
        let door: AuthorizationDoor
        let asked: AuthorizationRequest
        let application: DriveCore.Application

        /// What forms shown here are about.
        var subject: String { "\(door.path) \(application.clientID)" }
        var ask: AuthorizationDoor.Ask {
            .init(application: application, state: asked.state, origin: request.origin)
        }
    }

    /// The page this browser is to see now: to sign in, or to consent.
    private func show(
        _ scene: Scene, _ status: HTTPResponse.Status = .ok, trouble: String? = nil
    ) async throws -> Response {
        guard let visitor = visitors.visitor(of: scene.request),
            let person = try await drive.person(withBrowserSession: visitor.secret)
        else { return signInPage(scene, status, trouble: trouble) }
        let token = visitors.formToken(for: visitor, about: scene.subject)
        do {
            let offer = try await drive.offer(
                clientID: scene.application.clientID, to: person.id, scene.door.terms)
            let page = ConsentPage(
                offer: offer, abilities: offer.scopes.sorted().map(scene.door.words), trouble: trouble,
                destination: FormTarget.name(of: scene.application.redirectURI), action: scene.asked.address,
                formToken: token)
            let targets = FormTarget.sources(of: scene.application.redirectURI)
            return PageResponse.page(status, formTargets: targets) { page.html(nonce: $0) }
        } catch DriveError.token(.noAccess) {
            let page = NoAccessPage(
                application: scene.application, person: person, action: scene.asked.address, formToken: token)
            return PageResponse.page(.forbidden, formTargets: ["'self'"]) { page.html(nonce: $0) }
        }
    }

    private func signInPage(
        _ scene: Scene, _ status: HTTPResponse.Status, login: String = "", trouble: String?
    ) -> Response {
        // Another tab may have the same form open: a cookie that is good stays.
        let visitor = visitors.visitor(of: scene.request) ?? visitors.stranger()
        let page = SignInPage(
            application: scene.application, login: login, trouble: trouble, action: scene.asked.address,
            formToken: visitors.formToken(for: visitor, about: scene.subject))
        var response = PageResponse.page(status, formTargets: ["'self'"]) { page.html(nonce: $0) }
        response.headers[.setCookie] = visitors.cookie(for: visitor, scene.request)
        return response
    }

    private static func notice(_ status: HTTPResponse.Status, _ notice: NoticePage) -> Response {
        PageResponse.page(status) { notice.html(nonce: $0) }
    }

    private func submit(_ scene: Scene) async throws -> Response {
        let form = try await SubmittedForm(scene.request)
        guard let visitor = visitors.visitor(of: scene.request),
            visitors.isForm(form.token, of: visitor, about: scene.subject), let action = form.action
        else { return try await show(scene, .forbidden, trouble: "The page had expired. Please try again.") }
        switch action {
        case .signIn: return try await signIn(form, scene)
        case .signOut:
            try await drive.closeBrowserSession(visitor.secret)
            return again(scene, as: visitors.stranger())
        case .allow, .refuse:
            guard let person = try await drive.person(withBrowserSession: visitor.secret) else {
                return try await show(scene, .forbidden, trouble: "You were signed out. Please sign in again.")
            }
            return try await action == .allow ? allow(scene, person.id) : refuse(scene)
        }
    }

    private func signIn(_ form: SubmittedForm, _ scene: Scene) async throws -> Response {
        do {
            let person = try await desk.signIn(
                login: form.login, password: form.password, from: scene.request.remoteAddress)
            // A new secret: one that was planted in the browser before must not be signed in with.
            let secret = try await drive.openBrowserSession(of: person.id, lifetimeMs: Visitors.lifetimeMs)
            return again(scene, as: visitors.known(by: secret))
        } catch let limit as FailureLimit.Reached {
            let wait = "Too many attempts. Please try again in \(limit.seconds) seconds."
            var response = signInPage(scene, .tooManyRequests, login: form.login, trouble: wait)
            response.headers[.retryAfter] = "\(limit.seconds)"
            return response
        } catch DriveError.credential(let problem) {
            // Never the login: people type passwords into the wrong field.
            scene.request.log.notice("sign-in refused", metadata: ["address": "\(scene.request.remoteAddress)"])
            let trouble =
                problem == .personInactive ? "This user is blocked." : "The login or the password is wrong."
            return signInPage(scene, .forbidden, login: form.login, trouble: trouble)
        }
    }

    /// The same page once more, by GET, in a browser that is somebody else now.
    private func again(_ scene: Scene, as visitor: Visitor) -> Response {
        var response = PageResponse.redirect(to: scene.asked.address)
        response.headers[.setCookie] = visitors.cookie(for: visitor, scene.request)
        return response
    }

    private func allow(_ scene: Scene, _ person: Person.ID) async throws -> Response {
        let (code, offer) = try await drive.giveConsent(
            clientID: scene.application.clientID, by: person, scene.door.terms)
        return PageResponse.redirect(to: scene.door.granted(code, offer.scopes, scene.ask))
    }

    private func refuse(_ scene: Scene) -> Response {
        guard let refused = scene.door.refused else {
            return Self.notice(.ok, .refused(scene.application.title))
        }
        return PageResponse.redirect(to: refused(scene.ask))
    }
}
