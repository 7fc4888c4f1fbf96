/// Every method there is. A group of methods is one file in `Methods/`; adding a method touches that file alone.
enum MethodTable {
    static let all: [Method] =
        ServiceMethods.all + AccessMethods.all + ApplicationMethods.all + UserMethods.all + StorageMethods.all
        + FolderMethods.all + FileMethods.all + DiskMethods.all + ChatMethods.all + ChatFileMethods.all
        + ChatMessageMethods.all + DialogMemberMethods.all + MessengerFileMethods.all + TaskMethods.all
        + TaskFileMethods.all + CommentMethods.all + ChecklistMethods.all + ResultMethods.all

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name.lowercased(), $0) })

    /// The method of that name in any letter case.
    static func method(named name: String) -> Method? { byName[name] ?? byName[name.lowercased()] }
}
