import DriveCore
import Hummingbird

/// One page of a shared folder: folders first, each file with its size.
struct FolderPage {
    let code: String
    /// Of the folder shown; nil: the shared folder itself.
    let uuid: String?
    let name: String
    let children: Page<SharedItem>
    /// From 1.
    let number: Int64
    let trail: LinkTrail

    func response() -> Response {
        let total = children.total ?? Int64(children.rows.count)
        let count = total == 0 ? "This folder is empty." : total == 1 ? "1 item" : "\(total) items"
        let items = children.rows.map(row).joined(separator: "\n")
        return LinkPage.response(
            title: visibleName(name),
            body: """
                \(trail.html)
                <h1>\(shownName(name))</h1>
                <p class="lead">\(count)</p>
                \(items.isEmpty ? "" : "<section>\n<ul class=\"items\">\n\(items)\n</ul>\n</section>")
                \(pages(total))
                """)
    }

    private func row(_ item: SharedItem) -> String {
        let page = PageFrame.escaped(LinkAddress.path(of: code, item.uuid))
        let name = shownName(item.name)
        switch item.kind {
        case .folder:
            return """
                <li><a class="name folder" href="\(page)">\(name)/</a><span class="size">folder</span></li>
                """
        case .file:
            let download = PageFrame.escaped(LinkAddress.download(code, item.uuid))
            return """
                <li><a class="name" href="\(page)">\(name)</a><span class="size">\(ByteWords.text(item.sizeBytes))</span>\
                <a href="\(download)" rel="nofollow" download>Download</a></li>
                """
        }
    }

    private func pages(_ total: Int64) -> String {
        let length = SharedPlace.pageLength
        let last = max(1, (total + length - 1) / length)
        if last == 1 && number == 1 { return "" }
        let path = PageFrame.escaped(LinkAddress.path(of: code, uuid))
        // From a page behind the last one the way back leads to the last one.
        let before = number > 1 ? "<a href=\"\(path)?page=\(min(number - 1, last))\">Back</a>" : "<span></span>"
        let after = number < last ? "<a href=\"\(path)?page=\(number + 1)\">On</a>" : "<span></span>"
        return "<nav class=\"pages\" aria-label=\"Pages\">\(before)<span>Page \(number) of \(last)</span>\(after)</nav>"
    }
}
