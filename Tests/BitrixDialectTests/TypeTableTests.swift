import DriveCore
import Foundation
import HTTPEdge
import SQLStore
import TestSupport
import Testing

/// The table of section 3.3 of the disk reference: string or number, by field and kind of call.
@Suite("Strings and numbers")
struct TypeTableTests {
    /// A column of the table.
    private enum Column: Int, CaseIterable {
        case read, newFolder, newFile, moved, folderTrashed, fileTrashed, restored, newContent
    }

    /// `s` a string, `n` a number, `t` a date, `-` not there, `N` null or a date, `Z` `"0"` or null, `u` a person's id;
    /// anything else is the value itself.
    private static let table = """
        ID                      s   n  n  s   s s   s  s
        REAL_OBJECT_ID          s   n  -  s   s -   s  -
        PARENT_ID               s   s  s  n   s s   s  s
        STORAGE_ID              s   s  s  s   s s   s  s
        DELETED_TYPE            "0" 0  0  "0" 3 "3" 0  "0"
        GLOBAL_CONTENT_VERSION  s   -  1  s   - s   s  n
        FILE_ID                 s   -  n  s   - s   s  s
        SIZE                    s   -  s  s   - s   s  s
        CREATED_BY              s   s  s  s   s s   s  s
        UPDATED_BY              s   s  s  s   s s   s  s
        CREATE_TIME             t   t  t  t   t t   t  t
        UPDATE_TIME             t   t  t  t   t t   t  t
        DELETE_TIME             N   null null null t t t null
        DELETED_BY              Z   null null "0" u u u "0"
        NAME                    s   s  s  s   s s   s  s
        CODE                    null null null null null null null null
        DETAIL_URL              s   s  s  s   s s   s  s
        """

    /// Members that only a file has, and the one that only a folder has (section 3.2).
    private static let ofFiles = ["GLOBAL_CONTENT_VERSION", "FILE_ID", "SIZE", "DOWNLOAD_URL"]
    private static let ofFolders = ["REAL_OBJECT_ID"]

    /// Section 3.2, in the samples' order.
    private static let order = [
        "ID", "NAME", "CODE", "STORAGE_ID", "TYPE", "REAL_OBJECT_ID", "PARENT_ID", "DELETED_TYPE",
        "GLOBAL_CONTENT_VERSION", "FILE_ID", "SIZE", "CREATE_TIME", "UPDATE_TIME", "DELETE_TIME", "CREATED_BY",
        "UPDATED_BY", "DELETED_BY", "DOWNLOAD_URL", "DETAIL_URL",
    ]

    @Test("every field of every kind of call has the table's type", arguments: Engine.allCases)
    func types(engine: Engine) async throws {
        try await Door.open(engine) { door in
            let scene = try await SampleScene(door)
            let (file, folder): (Value, Value) = (["id": .int(scene.file)], ["id": .int(scene.folder)])
            func moving(_ id: Int64) -> Value { ["id": .int(id), "targetFolderId": .int(scene.trashedFolder)] }
            // Nil: the sample. What goes to the trash goes last, because its date of deletion stays with it.
            let calls: [(Column, String, Value?)] = [
                (.newFolder, "disk.storage.addfolder", nil), (.newFolder, "disk.folder.addsubfolder", nil),
                (.newFolder, "disk.folder.copyto", nil), (.newFile, "disk.storage.uploadfile", nil),
                (.newFile, "disk.folder.uploadfile", nil), (.newFile, "disk.file.copyto", nil),
                (.read, "disk.folder.get", nil), (.read, "disk.file.get", nil), (.read, "disk.folder.rename", nil),
                (.read, "disk.file.rename", nil), (.read, "disk.storage.getchildren", ["id": .int(scene.storage)]),
                (.read, "disk.folder.getchildren", folder), (.newContent, "disk.file.uploadversion", nil),
                (.newContent, "disk.file.restorefromversion", nil), (.restored, "disk.folder.restore", nil),
                (.restored, "disk.file.restore", nil), (.moved, "disk.file.moveto", moving(scene.file)),
                (.moved, "disk.folder.moveto", moving(scene.folder)), (.fileTrashed, "disk.file.markdeleted", file),
                (.restored, "disk.file.restore", file), (.folderTrashed, "disk.folder.markdeleted", folder),
            ]
            for (column, method, params) in calls {
                let reply = try await door.call(method, try params ?? #require(try scene.sample(of: method)))
                check(reply.result.array.first ?? reply.result, column, method)
            }
        }
    }

    @Test("the second step of an upload answers as a direct upload does")
    func secondStep() async throws {
        try await Door.open { door in
            let root = try await door.drive.personalStorage(of: Person.ID(1)).root.rawValue
            let address = try await door.call("disk.folder.uploadfile", ["id": .int(root)]).result
            #expect(address.keys == ["field", "uploadUrl"] && address["field"] == "file")
            let made = try await door.post(file: "a.txt", "hi", to: address["uploadUrl"]?.string ?? "")
            check(made.result, .newFile, "upload.json")
            #expect(made.json.keys == ["result", "time"])
        }
    }

    @Test("versions, attached objects and drives have strings alone")
    func strings() async throws {
        try await Door.open { door in
            let scene = try await SampleScene(door)
            for (method, fields) in [
                ("disk.version.get", 8), ("disk.file.getversions", 8), ("disk.attachedobject.get", 10),
                ("disk.storage.get", 6), ("disk.storage.getlist", 6),
            ] {
                let reply = try await door.call(method, try #require(try scene.sample(of: method)))
                let found = reply.result.array.first ?? reply.result
                let strings = found.keys.filter { found[$0]?.string != nil }
                #expect(strings == found.keys.filter { $0 != "CODE" } && strings.count == fields, "\(method)")
                if found.keys.contains("CODE") { #expect(found["CODE"] == .null) }
            }
        }
    }

    private func check(_ found: Value, _ column: Column, _ call: String) {
        let isFolder = found["TYPE"] == "folder"
        let absent = isFolder ? Self.ofFiles : Self.ofFolders
        #expect(found.keys == Self.order.filter { !absent.contains($0) }, "\(call)")
        for line in Self.table.split(separator: "\n") {
            let cells = line.split(separator: " ").map(String.init)
            let (field, mark) = (cells[0], cells[column.rawValue + 1])
            let expected = absent.contains(field) ? "-" : mark
            #expect(Self.fits(expected, found[field]), "\(call): \(field) is \(found[field] ?? .null), not \(expected)")
        }
    }

    private static func fits(_ mark: String, _ value: Value?) -> Bool {
        switch (mark, value) {
        case ("-", nil), ("s", .string?), ("n", .int?): true
        case ("u", .string(let text)?): Int64(text) ?? 0 > 0
        case ("Z", let value?): value == "0" || value == .null
        case ("N", .null?): true
        case ("t", .string(let text)?), ("N", .string(let text)?):
            text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d/) != nil
        case ("null", let value?): value == .null
        case (_, .int(let number)?): mark == String(number)
        case (_, .string(let text)?): mark == "\"\(text)\""
        default: false
        }
    }
}
