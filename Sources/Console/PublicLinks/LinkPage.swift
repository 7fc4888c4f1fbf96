import DriveCore
import HTTPEdge
import Hummingbird

/// A page of a public link, in the look of all pages, with the headers of one that only ever answers a visitor's click.
enum LinkPage {
    /// - Parameters:
    ///   - body: HTML, already escaped.
    ///   - hasForm: a form may be sent to this server.
    static func response(
        _ status: HTTPResponse.Status = .ok, title: String, body: String, hasForm: Bool = false
    ) -> Response {
        PageResponse.page(status, formTargets: hasForm ? ["'self'"] : []) { nonce in
            PageFrame.html(title: title, body: body, nonce: nonce, rules: rules)
        }
    }

    /// True for a browser; everybody else is told what is wrong as JSON.
    static func isWanted(by request: EdgeRequest) -> Bool {
        request.headers[.accept]?.contains("text/html") == true
    }

    private static let rules = """

        h1 { overflow-wrap: anywhere; }
        .trail { margin: 0 0 1.5rem; color: var(--dim); overflow-wrap: anywhere; }
        .button { display: block; width: 100%; margin: 1rem 0 0; padding: 0.9rem 1.25rem; border: 0;
          border-radius: 0.6rem; background: var(--mark); color: var(--card); font: inherit; font-weight: 600;
          text-align: center; text-decoration: none; cursor: pointer; }
        .items { margin: 0; padding: 0; list-style: none; }
        .items li { display: flex; align-items: baseline; gap: 0.75rem; padding: 0.6rem 0;
          border-top: 1px solid var(--line); }
        .items li:first-child { border-top: 0; }
        .items .name { flex: 1; min-width: 0; overflow-wrap: anywhere; }
        .items .folder { font-weight: 600; }
        .items .size { color: var(--dim); font-size: 0.9rem; white-space: nowrap; }
        .pages { display: flex; justify-content: space-between; gap: 1rem; }
        """
}

/// A name somebody else chose, as HTML that cannot be anything but text and leaves the text around it where it is.
func shownName(_ name: String) -> String { "<bdi>\(PageFrame.escaped(visibleName(name)))</bdi>" }

/// A name without the characters that show nothing, or reorder what is shown.
func visibleName(_ name: String) -> String {
    String(
        String.UnicodeScalarView(
            name.unicodeScalars.filter { scalar in
                switch scalar.value {
                case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C: false
                default: true
                }
            }))
}

/// The folders above a place, each leading to its own page; nothing of what lies above the shared folder.
struct LinkTrail {
    let code: String
    let steps: [SharedPlace.Step]

    /// HTML; empty for the shared thing itself.
    var html: String {
        if steps.isEmpty { return "" }
        let links = steps.enumerated().map { index, step in
            // The shared folder itself has the shortest address.
            let path = LinkAddress.path(of: code, index == 0 ? nil : step.uuid)
            return "<a href=\"\(PageFrame.escaped(path))\">\(shownName(step.name))</a>"
        }
        return "<nav class=\"trail\" aria-label=\"Folders above\">\(links.joined(separator: " / ")) /</nav>"
    }
}
