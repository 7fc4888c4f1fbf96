import Hummingbird

/// The conditional headers of a request, held against what is stored (RFC 9110 section 13).
struct Preconditions {
    enum Outcome: Equatable {
        case proceed, notModified, failed
    }

    private let headers: HTTPFields
    /// With its quotes.
    private let entityTag: String
    private let lastModifiedSeconds: Int64

    init(_ headers: HTTPFields, entityTag: String, lastModifiedSeconds: Int64) {
        self.headers = headers
        self.entityTag = entityTag
        self.lastModifiedSeconds = lastModifiedSeconds
    }

    /// In the order of section 13.2.2, for GET and HEAD.
    var outcome: Outcome {
        if let tags = headers[.ifMatch] {
            guard matches(tags, weakly: false) else { return .failed }
        } else if let date = headers[.ifUnmodifiedSince].flatMap(HTTPDate.seconds), lastModifiedSeconds > date {
            return .failed
        }
        if let tags = headers[.ifNoneMatch] {
            return matches(tags, weakly: true) ? .notModified : .proceed
        }
        if let date = headers[.ifModifiedSince].flatMap(HTTPDate.seconds), lastModifiedSeconds <= date {
            return .notModified
        }
        return .proceed
    }

    /// False when `If-Range` names another content: the range must then be ignored.
    var allowsRange: Bool {
        guard let validator = headers[.ifRange] else { return true }
        if validator.contains("\"") { return validator == entityTag }
        return HTTPDate.seconds(validator) == lastModifiedSeconds
    }

    private func matches(_ list: String, weakly: Bool) -> Bool {
        var rest = list[...].drop { $0 == " " || $0 == "\t" }
        if rest.first == "*" { return true }
        while let quote = rest.firstIndex(of: "\"") {
            let isWeak = rest[..<quote].hasSuffix("W/")
            let opaque = rest[rest.index(after: quote)...]
            guard let end = opaque.firstIndex(of: "\"") else { return false }
            if weakly || !isWeak, rest[quote...end] == entityTag { return true }
            rest = opaque[opaque.index(after: end)...]
        }
        return false
    }
}
