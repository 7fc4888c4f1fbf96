import DriveCore
import HTTPEdge

/// Methods every credential may call (vendor pages `api-reference/common/system`, `…/common/users`).
enum ServiceMethods {
    static let all: [Method] = [
        Method("batch", scope: "", isBarredFromBatch: true) { params, call in
            Answer(try await Batch(params).run(call))
        },

        Method("server.time", scope: "") { _, call in Answer(call.dates.value(call.drive.now())) },

        Method("scope", scope: "") { params, call in
            let codes = try params.flag("full") ? known : call.grant.scopes
            return Answer(.array(codes.sorted().map(Value.string)))
        },

        Method("methods", scope: "") { params, call in
            let wanted: [Method]
            if try params.flag("full") {
                wanted = MethodTable.all
            } else if let scope = params["scope"] {
                let code = scope.text ?? ""
                wanted = MethodTable.all.filter {
                    code.isEmpty ? $0.scope.isEmpty : $0.isOpen(to: [code]) && $0.scope != ""
                }
            } else {
                wanted = MethodTable.all.filter { $0.isOpen(to: call.grant.scopes) }
            }
            return Answer(.array(wanted.map { .string($0.name) }))
        },

        Method("method.get", scope: "") { params, call in
            let method = params["name"]?.text.flatMap(MethodTable.method(named:))
            let isAvailable = method.map { $0.isOpen(to: call.grant.scopes) } ?? false
            return Answer(
                .object([.init("isExisting", .bool(method != nil)), .init("isAvailable", .bool(isAvailable))]))
        },

        Method("profile", scope: "") { _, call in
            Answer(PersonWire.profile(try await call.drive.person(call.caller.person), account: call.drive.account))
        },

        Method("user.admin", scope: "") { _, call in Answer(.bool(call.caller.isAdministrator)) },
    ]

    /// Scopes that open any method here.
    static var known: Set<String> {
        Set(MethodTable.all.map(\.scope)).subtracting([""]).union(["user", "user_basic", "user_brief"])
    }
}
