import DriveCore

/// What a method's page says where the pages differ from each other.
struct Words: Sendable {
    /// For a missing or mistyped required parameter. Most of `disk.storage.*` and `disk.file.*` print this; nil: it names the parameter (``Invalid value of parameter `id` ``).
    var argument: String? = "Invalid value of parameter {Parameter #0}"
    var folderTaken = Failure.method("DISK_OBJ_22000", "A folder with this name already exists")
    var fileTaken = Failure.method("DISK_OBJ_22000", "A file with this name already exists")
    /// No room, or larger than allowed.
    var noSpace = Failure.method("ERROR_COULD_NOT_SAVE_FILE", "Could not save file")
    /// Larger than allowed, on pages that tell it from no room.
    var tooLarge: Failure?
    /// The content is empty or could not be read.
    var notSaved = Failure.method("ERROR_COULD_NOT_SAVE_FILE", "Could not save file")
    var isRootFolder = Failure.method("DISK_OBJ_22000", "Could not delete root folder")

    /// Pages that print `{Parameter #1}`: `disk.storage.addFolder` and most of `disk.folder.*`.
    static let parameter1 = Words(argument: "Invalid value of parameter {Parameter #1}")
    /// Pages that name the parameter.
    static let named = Words(argument: nil)
}
