import DriveCore

/// What a method of `disk.*` asks of its caller: disk reference, section 2.2, all of whose rows it carries.
enum Need: Sendable {
    /// Anybody; only what may be read is in the answer.
    case anyone
    case read, add
    /// Add or edit: as levels are ordered, whoever may edit may add.
    case addOrEdit
    /// Read on the source, add on the target.
    case copying
    /// Edit on the source, add on the target.
    case moving
    case edit, full
    /// Whoever has full may share too.
    case share
    case administrator
    /// An administrator in an application's context.
    case application

    static let ofMethods: [(need: Need, methods: String)] = [
        (
            .anyone,
            """
            disk.storage.getfields disk.folder.getfields disk.file.getfields disk.storage.gettypes disk.storage.getlist \
            disk.storage.getchildren disk.folder.getchildren disk.file.search disk.rights.gettasks
            """
        ),
        (
            .read,
            """
            disk.storage.get disk.folder.get disk.file.get disk.folder.getexternallink disk.file.getexternallink \
            disk.file.getversions disk.version.get disk.attachedobject.get
            """
        ),
        (.add, "disk.storage.addfolder disk.storage.uploadfile disk.folder.uploadfile"),
        (.addOrEdit, "disk.folder.addsubfolder"),
        (.copying, "disk.folder.copyto disk.file.copyto"),
        (.moving, "disk.folder.moveto disk.file.moveto"),
        (.edit, "disk.folder.rename disk.file.rename disk.file.markdeleted disk.file.restore disk.file.uploadversion"),
        (.full, "disk.folder.markdeleted disk.folder.deletetree disk.file.delete disk.file.restorefromversion"),
        (.share, "disk.folder.sharetouser"),
        (.administrator, "disk.folder.restore"),
        (.application, "disk.storage.rename disk.storage.getforapp"),
    ]

    static let all: [(method: String, need: Need)] = ofMethods.flatMap { row in
        row.methods.split(separator: " ").map { (String($0), row.need) }
    }

    /// Whether a caller who has `access` on everything involved, the target too, gets through.
    func isMet(by access: Access) -> Bool {
        switch self {
        case .anyone: true
        case .read: access >= .read
        case .add, .addOrEdit, .copying: access >= .add
        case .edit, .moving: access >= .edit
        case .full, .share: access >= .full
        case .administrator, .application: access == .administrator
        }
    }
}

/// How much somebody may do with a drive.
enum Access: Int, Sendable, Comparable {
    case none, read, add, edit, full, administrator
    static func < (left: Access, right: Access) -> Bool { left.rawValue < right.rawValue }
}

/// Somebody in front of a drive, and where their access to it comes from (disk reference, section 2.1).
struct Holder: Sendable, CustomStringConvertible {
    enum Source: String, Sendable { case nothing, grant, ownership, membership, application, administration }
    let drive: Storage.Kind
    let source: Source
    let access: Access

    var description: String { "\(access) on the \(drive) drive by \(source)" }

    static let all: [Holder] = [
        Holder(drive: .user, source: .nothing, access: .none), Holder(drive: .user, source: .grant, access: .read),
        Holder(drive: .user, source: .grant, access: .add), Holder(drive: .user, source: .grant, access: .edit),
        Holder(drive: .user, source: .grant, access: .full), Holder(drive: .user, source: .ownership, access: .full),
        Holder(drive: .user, source: .administration, access: .administrator),

        // Everybody reads and adds in the company's drive (docs/decisions/default-rights.md).
        Holder(drive: .common, source: .nothing, access: .add), Holder(drive: .common, source: .grant, access: .edit),
        Holder(drive: .common, source: .grant, access: .full),
        Holder(drive: .common, source: .administration, access: .administrator),

        Holder(drive: .group, source: .nothing, access: .none), Holder(drive: .group, source: .grant, access: .read),
        Holder(drive: .group, source: .grant, access: .add),
        Holder(drive: .group, source: .membership, access: .edit),
        Holder(drive: .group, source: .ownership, access: .full),
        Holder(drive: .group, source: .administration, access: .administrator),

        Holder(drive: .restapp, source: .nothing, access: .none),
        Holder(drive: .restapp, source: .grant, access: .read), Holder(drive: .restapp, source: .grant, access: .add),
        Holder(drive: .restapp, source: .grant, access: .edit),
        Holder(drive: .restapp, source: .application, access: .full),
        Holder(drive: .restapp, source: .administration, access: .administrator),
    ]
}
