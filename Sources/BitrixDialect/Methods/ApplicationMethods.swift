import DriveCore
import HTTPEdge

/// What an application asks of itself and of the server (vendor pages `api-reference/common/system` and
/// `api-reference/events`).
enum ApplicationMethods {
    static let all: [Method] = [
        // Its page gives a webhook 400 where other pages give 403.
        Method("app.info", scope: "", gap: "an application is always a local one, the licence a self-hosted server's") {
            _, call in
            guard let id = call.caller.application,
                let application = try await call.drive.applications().first(where: { $0.id == id })
            else { throw Failure.method("ACCESS_DENIED", "Access denied! Application context required") }
            return Answer([
                "ID": .int(id.rawValue), "CODE": .string(application.clientID), "VERSION": 1, "STATUS": "L",
                "INSTALLED": true, "PAYMENT_EXPIRED": "N", "DAYS": nil, "LANGUAGE_ID": "en",
                "LICENSE": "en_selfhosted", "LICENSE_TYPE": "selfhosted", "LICENSE_FAMILY": "selfhosted",
            ])
        },

        // Both features the page names are about events, and there are no events to subscribe to.
        Method("feature.get", scope: "", gap: "both features are `N`: there are no events to subscribe to") {
            params, _ in
            guard let code = params["CODE"]?.text, !code.isEmpty else {
                throw Failure.method("CODE_EMPTY", "CODE can't be empty")
            }
            return Answer(["value": .string(features.contains(code) ? "Y" : "N")])
        },

        Method(
            "events", scope: "", gap: "an empty list: without `event.bind` no event can be subscribed to",
            needsApplication: true
        ) { params, _ in
            // Every scope has the same events: those that can be bound.
            _ = try params.flag("FULL")
            return Answer(.array(bindableEvents.map(Value.string)))
        },

        // Raises `ONAPPTEST` for whoever is bound to it, and tells that it was raised.
        Method(
            "event.test", scope: "", gap: "`ONAPPTEST` reaches nobody: without `event.bind` nobody can be bound to it"
        ) { _, call in
            guard call.caller.application != nil else {
                throw Failure(
                    403, "WRONG_AUTH_TYPE", "Current authorization type is denied for this method")
            }
            return Answer(1)
        },
    ]

    /// Optional parts of the vendor's service that this server has.
    private static let features: Set<String> = []
    /// Without `event.bind` none.
    private static let bindableEvents: [String] = []
}
