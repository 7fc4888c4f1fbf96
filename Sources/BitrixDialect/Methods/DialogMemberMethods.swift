import DriveCore
import HTTPEdge

/// `im.dialog.users.list`.
enum DialogMemberMethods {
    static let all = [list]

    /// People on a page: usual and most (page `im.dialog.users.list`).
    private static let usualLimit: Int64 = 50
    private static let mostLimit: Int64 = 200

    /// By id. Everybody is an employee here, so that `SKIP_EXTERNAL` leaves nobody out.
    static let list = Method(
        "im.dialog.users.list", scope: "im",
        gap: "everybody is an employee, so `SKIP_EXTERNAL` and `SKIP_EXTERNAL_EXCEPT_TYPES` leave nobody out"
    ) { params, call in
        let dialog = try params.dialogID()
        var listing = Listing<PersonField>(limit: usualLimit, wantsTotal: false)
        if case .id(let wanted)? = params["LIMIT"]?.naming { listing.limit = min(wanted, mostLimit) }
        if case .id(let offset)? = params["OFFSET"]?.naming { listing.offset = offset }
        if case .id(let last)? = params["LAST_ID"]?.naming { listing.conditions = [.greater(.id, .integer(last))] }
        return try await chatAccess { [listing] in
            let chat = try await call.drive.chat(dialog, as: call.caller)
            let page = try await call.drive.members(of: chat.id, listing, as: call.caller)
            var answer = Answer(.array(page.rows.map { ChatWire.person($0, call) }))
            answer.total = try await call.drive.counts(of: chat.id, as: call.caller).members
            // No overflow: there are rows behind it.
            if page.hasMore { answer.next = listing.offset + listing.limit }
            return answer
        }
    }
}
