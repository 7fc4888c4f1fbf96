import DriveCore
import Hummingbird

/// One shared file: what it is, and the button.
struct FilePage {
    /// Path of the bytes.
    let download: String
    let item: SharedItem
    let kind: String
    let changed: Stamp
    let trail: LinkTrail

    func response() -> Response {
        let name = shownName(item.name)
        return LinkPage.response(
            title: visibleName(item.name),
            body: """
                \(trail.html)
                <h1>\(name)</h1>
                <p class="lead">Somebody shared this file with you.</p>
                <section>
                <dl>
                <dt>Kind</dt><dd>\(PageFrame.escaped(kind))</dd>
                <dt>Size</dt><dd>\(ByteWords.text(item.sizeBytes))</dd>
                <dt>Changed</dt><dd><time datetime="\(changed.machine)">\(PageFrame.escaped(changed.human))</time></dd>
                </dl>
                <a class="button" href="\(PageFrame.escaped(download))" rel="nofollow" download>Download</a>
                </section>
                """)
    }
}
