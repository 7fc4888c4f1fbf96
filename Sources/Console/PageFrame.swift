/// What all pages share.
enum PageFrame {
    /// - Parameters:
    ///   - body: HTML, already escaped.
    ///   - rules: CSS of this page beyond what all share.
    static func html(title: String, body: String, nonce: String, rules: String = "") -> String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="robots" content="noindex">
        <title>\(escaped(title))</title>
        <style nonce="\(nonce)">\(style)\(rules)</style>
        </head>
        <body>
        <main>
        \(body)
        </main>
        </body>
        </html>

        """
    }

    /// Text for HTML, inside elements and quoted attributes.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        // By scalars, as a browser reads: a character may have combined with what stands before or behind it.
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;".unicodeScalars
            case "<": result += "&lt;".unicodeScalars
            case ">": result += "&gt;".unicodeScalars
            case "\"": result += "&quot;".unicodeScalars
            case "'": result += "&#39;".unicodeScalars
            default: result.append(scalar)
            }
        }
        return String(result)
    }

    private static let style = """
        :root { color-scheme: light dark; --ink: #1c2430; --dim: #5c6878; --paper: #f6f4ef; --card: #fffdf8;
          --line: #e3ddd0; --mark: #1f6f5c; --code: #f0ece2; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e8e6e0; --dim: #9aa4b0; --paper: #15181c; --card: #1d2126;
          --line: #30363e; --mark: #6fcfb4; --code: #14171b; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
        main { max-width: 44rem; margin: 0 auto; padding: clamp(1.5rem, 6vw, 4.5rem) 1.25rem; }
        h1 { margin: 0; font-size: clamp(1.9rem, 6vw, 2.6rem); letter-spacing: -0.02em; line-height: 1.1; }
        h1::before { content: ""; display: block; width: 2.2rem; height: 0.35rem; margin-bottom: 1.1rem;
          border-radius: 1rem; background: var(--mark); }
        .lead { margin: 0.8rem 0 2rem; color: var(--dim); font-size: 1.1rem; }
        section { margin: 0 0 1rem; padding: 1.1rem 1.25rem 1.25rem; background: var(--card);
          border: 1px solid var(--line); border-radius: 0.8rem; }
        h2 { margin: 0 0 0.2rem; font-size: 1.05rem; }
        p { margin: 0.4rem 0; }
        dl { margin: 0.6rem 0; }
        dt { color: var(--dim); font-size: 0.85rem; }
        dd { margin: 0 0 0.5rem; }
        code, pre { font: 0.86rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
        dd code { overflow-wrap: anywhere; }
        pre { margin: 0.6rem 0 0; padding: 0.75rem 0.9rem; overflow-x: auto; background: var(--code);
          border-radius: 0.5rem; }
        var { color: var(--mark); font-style: normal; font-weight: 600; }
        a { color: var(--mark); text-underline-offset: 0.2em; }
        ul { margin: 0.5rem 0 1rem; padding-left: 1.2rem; }
        label { display: block; margin-top: 0.9rem; font-weight: 600; }
        input[type="text"], input[type="password"] { width: 100%; margin-top: 0.25rem; padding: 0.65rem 0.75rem;
          border: 1px solid var(--line); border-radius: 0.5rem; background: var(--paper); color: inherit;
          font: inherit; }
        button { margin: 1.2rem 0.6rem 0 0; padding: 0.65rem 1.4rem; border: 1px solid var(--mark);
          border-radius: 0.5rem; background: var(--mark); color: var(--card); font: inherit; font-weight: 600;
          cursor: pointer; }
        button.second { background: none; color: var(--mark); }
        button.link { margin: 0; padding: 0; border: 0; background: none; color: var(--mark); font-weight: 400;
          text-decoration: underline; text-underline-offset: 0.2em; }
        :focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
        .quiet { color: var(--dim); font-size: 0.9rem; }
        .trouble { margin: 0 0 0.6rem; padding: 0.6rem 0.8rem; border-left: 0.3rem solid #c0392b;
          background: var(--code); border-radius: 0.3rem; }
        footer { margin-top: 2rem; color: var(--dim); font-size: 0.9rem; }
        """
}
