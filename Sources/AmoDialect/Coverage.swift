/// Which of the vendor's methods are answered, for `docs/compat/amocrm.md`.
extension AmoSurface {
    /// Markdown. A method is complete when the routes table has it.
    package static func coverageTable() -> String {
        var lines = [
            "# amoCRM methods", "",
            "Generated from the routes table (`AmoSurface.coverageTable()`); a test keeps this file the same.", "",
        ]
        for group in groups {
            lines += ["## \(group.title)", "", "| method | path | state |", "| --- | --- | --- |"]
            for (method, path) in group.methods {
                let isComplete = expanded(path).allSatisfy { path in
                    routes.contains { $0.method.rawValue == method && sameShape($0.pattern, path) }
                }
                lines.append("| \(method) | `\(path)` | \(isComplete ? "complete" : "absent") |")
            }
            lines.append("")
        }
        lines += ["## What complete methods leave out", ""] + gaps.map { "- \($0)" } + [""]
        return lines.joined(separator: "\n")
    }

    private static let gaps = [
        "Custom fields are of type `file`; any other type is refused with `NotSupportedChoice` at `type`. Groups of fields"
            + " and `hidden_statuses` do not exist; `required_statuses` is kept and shown, and no call is held to it.",
        "Entities have no tasks, catalog elements, segments, purchases and sources: `closest_task_at`, `score`,"
            + " `labor_cost` and `source_id` are null, `ltv`, `purchases_count` and `average_check` 0, and the lists empty."
            + " Statuses, pipelines and loss reasons are numbers nobody checks.",
        "Users have no roles, groups, phone numbers and ranks. `status_rights` is always empty.",
    ]

    private static let groups: [(title: String, methods: [(String, String)])] = [
        (
            "Files host",
            [
                ("POST", "/v1.0/sessions"), ("POST", "/v1.0/sessions/upload/{session_token}"),
                ("POST", "/upload/{session_token}"), ("GET", "/v1.0/files"), ("GET", "/v1.0/files/{file_uuid}"),
                ("PATCH", "/v1.0/files/{file_uuid}"), ("DELETE", "/v1.0/files"), ("POST", "/v1.0/files/restore"),
                ("GET", "/v1.0/files/{file_uuid}/versions"),
                ("GET", "/v1.0/files/{file_uuid}/versions/{version_uuid}"), ("GET", "/download/{link...}"),
                ("HEAD", "/download/{link...}"), ("GET", "/preview/{link...}"), ("HEAD", "/preview/{link...}"),
            ]
        ),
        (
            "Files and entities",
            [
                ("GET", "/api/v4/{type}/{entity_id}/files"), ("PUT", "/api/v4/{type}/{entity_id}/files"),
                ("DELETE", "/api/v4/{type}/{entity_id}/files"), ("GET", "/api/v4/files/{file_uuid}/links"),
            ]
        ),
        (
            "Account and entities",
            [
                ("GET", "/api/v4/account"), ("GET", "/api/v4/{type}"), ("GET", "/api/v4/{type}/{id}"),
                ("POST", "/api/v4/{type}"), ("PATCH", "/api/v4/{type}"), ("PATCH", "/api/v4/{type}/{id}"),
                ("GET", "/api/v4/users"), ("GET", "/api/v4/users/{id}"),
            ]
        ),
        (
            "OAuth, custom fields, notes",
            [
                ("POST", "/oauth2/access_token"), ("GET", "/oauth2/account/current/subdomain"),
                ("GET", "/oauth2/account/subdomain"), ("GET", "/api/v4/{type}/custom_fields"),
                ("POST", "/api/v4/{type}/custom_fields"), ("PATCH", "/api/v4/{type}/custom_fields"),
                ("GET", "/api/v4/{type}/custom_fields/{id}"), ("PATCH", "/api/v4/{type}/custom_fields/{id}"),
                ("DELETE", "/api/v4/{type}/custom_fields/{id}"), ("GET", "/api/v4/{type}/notes"),
                ("POST", "/api/v4/{type}/notes"), ("PATCH", "/api/v4/{type}/notes"),
                ("GET", "/api/v4/{type}/notes/{id}"), ("PATCH", "/api/v4/{type}/notes/{id}"),
                ("POST", "/api/v4/{type}/notes/{id}/pin"), ("POST", "/api/v4/{type}/notes/{id}/unpin"),
                ("GET", "/api/v4/{type}/{entity_id}/notes"),
                ("POST", "/api/v4/{type}/{entity_id}/notes"), ("PATCH", "/api/v4/{type}/{entity_id}/notes"),
                ("GET", "/api/v4/{type}/{entity_id}/notes/{id}"), ("PATCH", "/api/v4/{type}/{entity_id}/notes/{id}"),
            ]
        ),
        (
            "Not documented by the vendor, used by clients",
            [
                ("DELETE", "/v1.0/files/{file_uuid}"), ("GET", "/v1.0/files/stats"), ("GET", "/v1.0/files/count"),
                ("GET", "/v1.0/files/extensions"), ("GET", "/v1.0/sessions/upload/{session_token}"),
            ]
        ),
        (
            "Absent because the vendor's own interface alone calls them",
            [
                ("POST", "/v1.0/files/multiaction"), ("POST", "/v1.0/files/{file_uuid}/convert"),
                ("GET", "/v1.0/cleaning_rules"),
            ]
        ),
    ]

    /// A path with `{type}` stands for one per kind of entity.
    private static func expanded(_ path: String) -> [String] {
        guard path.contains("{type}") else { return [path] }
        return ["leads", "contacts", "companies", "customers"].map { path.replacing("{type}", with: $0) }
    }

    /// Equal but for what the braces are called; a trailing `{name...}` covers the rest.
    private static func sameShape(_ pattern: String, _ path: String) -> Bool {
        let (left, right) = (pattern.split(separator: "/"), path.split(separator: "/"))
        if right.last?.hasSuffix("...}") == true { return left.first == right.first }
        guard left.count == right.count else { return false }
        return zip(left, right).allSatisfy { $0 == $1 || ($0.hasPrefix("{") && $1.hasPrefix("{")) }
    }
}
